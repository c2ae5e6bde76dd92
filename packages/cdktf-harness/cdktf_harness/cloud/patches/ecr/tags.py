"""ECR: BatchDeleteImage of a tag removes that tag only; with its last tag, or by its digest, the image goes.

ministack deletes the image with all its tags (services/ecr.py 337-359).
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
"""

from __future__ import annotations

import json
from typing import Any

from ministack.services import ecr as service  # type: ignore[import-untyped]


def install() -> None:
    """Remove the tags that are not an image's last, and leave the rest to ministack."""
    delete = service._batch_delete_image

    def delete_or_untag(data: dict[str, Any]) -> Any:
        untagged, rest = [], []
        for wanted in data.get("imageIds", ()):
            tag = wanted.get("imageTag")
            image = service._find_image(data.get("repositoryName", ""), wanted) or {}
            tags = image.get("imageTags", [])
            if tag in tags and len(tags) > 1:
                tags.remove(tag)
                untagged.append({**image["imageId"], "imageTag": tag})
                image["imageId"]["imageTag"] = tags[-1]
            else:
                rest.append(wanted)
        status, headers, body = delete({**data, "imageIds": rest})
        if not untagged:
            return status, headers, body
        answer = json.loads(body)
        return service.json_response({**answer, "imageIds": untagged + answer["imageIds"]})

    service._batch_delete_image = delete_or_untag
