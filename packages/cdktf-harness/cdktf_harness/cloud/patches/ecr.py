"""ECR: an immutable tag is refused even if it is pushed again with the same image; BatchDeleteImage of a tag removes
that tag, and the image with its last tag; what the API uploads is in the image registry, of an upload that was begun.

ministack accepts the same image again (services/ecr.py 1160-1171), where ECR refuses any push to an existing tag; it
deletes the image with all its tags (337-359), drops the layers, whatever repository and upload they name, and does not
find an image of PutImage by its digest (248-304, 616-647).
https://github.com/aws/containers-roadmap/issues/2179 ; the message is what `docker push` shows there.
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html , API_UploadLayerPart.html
"""

from __future__ import annotations

import base64
import json
from typing import Any

from ministack.services import ecr as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import refuses, replaces


@refuses(service, "_v2_put_manifest")
def _put_manifest(name: str, ref: str, *_: Any) -> Any:
    repository = service._repositories.get(name) or {}
    tags = (tag for image in service._images.get(name, ()) for tag in image.get("imageTags", ()))
    if repository.get("imageTagMutability") != "IMMUTABLE" or ref not in tags:
        return None
    text = (
        f"The image tag '{ref}' already exists in the '{name}' repository and cannot be overwritten "
        "because the repository is immutable."
    )
    return service._registry_error(400, "TAG_INVALID", text, {"tag": ref})


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


@replaces(service, "_initiate_layer_upload")
def _initiate(original: Any, data: dict[str, Any]) -> Any:
    answer = original(data)
    if answer[0] == 200:
        upload = json.loads(answer[2])["uploadId"]
        service._uploads.setdefault(data["repositoryName"], {})[upload] = bytearray()
    return answer


@replaces(service, "_upload_layer_part")
def _upload(original: Any, data: dict[str, Any]) -> Any:
    service._uploads[data["repositoryName"]][data["uploadId"]].extend(base64.b64decode(data["layerPartBlob"]))
    return original(data)


@refuses(service, "_complete_layer_upload")
def _complete(data: dict[str, Any]) -> Any:
    name = data["repositoryName"]
    content = bytes(service._uploads[name].pop(data["uploadId"]))
    digest, layers = service._content_digest(content), service._layer_blobs.setdefault(name, {})
    if [digest] != data["layerDigests"]:
        text = f"The digest of the uploaded layer is {digest}"
        return service.error_response_json("InvalidLayerException", text, 400)
    if digest in layers:
        text = f"Layer with digest '{digest}' already exists in the repository"
        return service.error_response_json("LayerAlreadyExistsException", text, 400)
    layers[digest] = content
    return None


# After those above, so that it is asked first.
@refuses(service, "_upload_layer_part", "_complete_layer_upload")
def _check_upload(data: dict[str, Any]) -> Any:
    name, upload = data["repositoryName"], data["uploadId"]
    if name not in service._repositories:
        text = f"The repository with name '{name}' does not exist"
        return service.error_response_json("RepositoryNotFoundException", text, 400)
    if upload not in service._uploads.get(name, {}):
        text = f"The upload with id '{upload}' does not exist in the repository with name '{name}'"
        return service.error_response_json("UploadNotFoundException", text, 400)
    return None


@replaces(service, "_put_image")
def _put_image(original: Any, data: dict[str, Any]) -> Any:
    answer = original(data)
    if answer[0] == 200:
        manifest = data["imageManifest"].encode()
        manifests = service._manifest_blobs.setdefault(data["repositoryName"], {})
        manifests[service._content_digest(manifest)] = manifest
    return answer
