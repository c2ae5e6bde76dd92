"""Lambda: the hash of the code of a function from an image is the image's digest.

ministack leaves it empty (services/lambda_svc.py 1646, 2850). An image that is named by a tag still has none.
https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
"""

from __future__ import annotations

from typing import Any

from ministack.services import lambda_svc as service  # type: ignore[import-untyped]


def install() -> None:
    """Set the hash wherever the image is set; a published version has a copy."""
    build, update = service._build_config, service._update_code

    def build_with_hash(name: str, data: dict[str, Any], *arguments: Any) -> dict[str, Any]:
        config, image = build(name, data, *arguments), data.get("Code", {}).get("ImageUri")
        return {**config, "CodeSha256": _hash(image)} if image else config

    def update_with_hash(name: str, data: dict[str, Any]) -> Any:
        function = service._functions.get(name)
        if not function or "ImageUri" not in data:
            return update(name, data)
        config = function["config"]
        before, config["CodeSha256"] = config["CodeSha256"], _hash(data["ImageUri"])
        answer = update(name, data)
        if answer[0] != 200:
            config["CodeSha256"] = before
        return answer

    service._build_config, service._update_code = build_with_hash, update_with_hash


def _hash(image: str) -> str:
    return image.partition("@sha256:")[2]
