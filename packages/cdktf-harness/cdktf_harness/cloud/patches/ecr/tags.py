"""ECR: BatchDeleteImage of a tag removes that tag; the image is deleted with its last tag or by its digest.

ministack deletes the image with all its tags (services/ecr.py 337-359).
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
"""

from __future__ import annotations

import json
from typing import Any

from ministack.services import ecr as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_batch_delete_image")
def _delete(original: Any, data: dict[str, Any]) -> Any:
    # Tags that are not an image's last are removed here; ministack does the rest.
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
    status, headers, body = original({**data, "imageIds": rest})
    if not untagged:
        return status, headers, body
    answer = json.loads(body)
    return service.json_response({**answer, "imageIds": untagged + answer["imageIds"]})
