"""Lambda: the hash of the code of a function from an image is the image's digest.

ministack leaves it empty (services/lambda_svc.py 1646, 2850). An image with a tag instead of a digest still has none.
https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
"""

from __future__ import annotations

from typing import Any

from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_build_config")
def _build(original: Any, name: str, data: dict[str, Any], *arguments: Any) -> dict[str, Any]:
    config, image = original(name, data, *arguments), data.get("Code", {}).get("ImageUri")
    return {**config, "CodeSha256": _hash(image)} if image else config


@replaces(service, "_update_code")
def _update(original: Any, name: str, data: dict[str, Any]) -> Any:
    function = service._functions.get(name)
    if not function or "ImageUri" not in data:
        return original(name, data)
    # Before the call: a version that it publishes has a copy.
    config = function["config"]
    before, config["CodeSha256"] = config["CodeSha256"], _hash(data["ImageUri"])
    answer = original(name, data)
    if answer[0] != 200:
        config["CodeSha256"] = before
    return answer


def _hash(image: str) -> str:
    return image.partition("@sha256:")[2]
