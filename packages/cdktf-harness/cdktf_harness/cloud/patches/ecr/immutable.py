"""ECR: an immutable tag is refused even if it is pushed again with the same image.

ministack accepts the same image again (services/ecr.py 1160-1171). ECR refuses any push to an existing tag, so such a
deployment would fail on AWS only.
https://github.com/aws/containers-roadmap/issues/2179 ; the message is what `docker push` shows there.
"""

from __future__ import annotations

from typing import Any

from ministack.services import ecr as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_v2_put_manifest")
def _put(original: Any, name: str, ref: str, headers: Any, body: Any) -> Any:
    repository = service._repositories.get(name) or {}
    tags = (tag for image in service._images.get(name, ()) for tag in image.get("imageTags", ()))
    if repository.get("imageTagMutability") == "IMMUTABLE" and ref in tags:
        text = (
            f"The image tag '{ref}' already exists in the '{name}' repository and cannot be overwritten "
            "because the repository is immutable."
        )
        return service._registry_error(400, "TAG_INVALID", text, {"tag": ref})
    return original(name, ref, headers, body)
