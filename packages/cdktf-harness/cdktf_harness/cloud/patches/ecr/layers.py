"""ECR: what its API uploads is in the image registry.

ministack drops the layers, and does not find an image of PutImage by its digest (services/ecr.py 248-304, 616-647).
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UploadLayerPart.html
"""

from __future__ import annotations

import base64
from typing import Any

from ministack.services import ecr as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_upload_layer_part")
def _upload(original: Any, data: dict[str, Any]) -> Any:
    parts = service._uploads.setdefault(data["repositoryName"], {})
    parts.setdefault(data["uploadId"], bytearray()).extend(base64.b64decode(data["layerPartBlob"]))
    return original(data)


@replaces(service, "_complete_layer_upload")
def _complete(original: Any, data: dict[str, Any]) -> Any:
    name = data["repositoryName"]
    content = bytes(service._uploads.get(name, {}).pop(data["uploadId"], b""))
    digest, layers = service._content_digest(content), service._layer_blobs.setdefault(name, {})
    if [digest] != data["layerDigests"]:
        text = f"The digest of the uploaded layer is {digest}"
        return service.error_response_json("InvalidLayerException", text, 400)
    if digest in layers:
        text = f"Layer with digest '{digest}' already exists in the repository"
        return service.error_response_json("LayerAlreadyExistsException", text, 400)
    layers[digest] = content
    return original(data)


@replaces(service, "_put_image")
def _put_image(original: Any, data: dict[str, Any]) -> Any:
    answer = original(data)
    if answer[0] == 200:
        manifest = data["imageManifest"].encode()
        manifests = service._manifest_blobs.setdefault(data["repositoryName"], {})
        manifests[service._content_digest(manifest)] = manifest
    return answer
