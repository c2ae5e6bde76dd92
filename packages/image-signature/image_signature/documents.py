"""The documents of a signature, as cosign writes them (cosign's SIGNATURE_SPEC.md)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from image_signature.image import Image

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
# What may be signed.
IMAGES = (
    MANIFEST,
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
CONFIG = "application/vnd.oci.image.config.v1+json"
PAYLOAD = "application/vnd.dev.cosign.simplesigning.v1+json"
SIGNATURE = "dev.cosignproject.cosign/signature"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
# What reading a document raises that is none of ours; RecursionError: arrays in arrays in arrays.
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
TYPE = "cosign container image signature"


def digest_of(content: bytes) -> str:
    """The digest by which a registry knows a content."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def payload(image: Image) -> bytes:
    """What is signed."""
    critical = {
        "identity": {"docker-reference": image.name},
        "image": {"docker-manifest-digest": image.digest},
        "type": TYPE,
    }
    return _json({"critical": critical, "optional": None})


def signs(content: bytes, image: Image) -> bool:
    """Whether a payload is about this digest. As for cosign, not whether it is about this repository."""
    try:
        critical = json.loads(content)["critical"]
        return bool(critical["type"] == TYPE and critical["image"]["docker-manifest-digest"] == image.digest)
    except _UNREADABLE:
        return False


def config(signed: bytes) -> bytes:
    """The configuration of the image that holds a payload."""
    layers = {"type": "layers", "diff_ids": [digest_of(signed)]}
    return _json({"architecture": "", "config": {}, "created": "0001-01-01T00:00:00Z", "os": "", "rootfs": layers})


def manifest(signed: bytes, signature: bytes, subject: Mapping[str, Any]) -> bytes:
    """The image that holds a payload and its signature.

    With `subject` (OCI 1.1), the image that it signs, ECR deletes it with that image (ECR's guide, "Sign images").
    """
    annotation = {SIGNATURE: base64.b64encode(signature).decode()}
    return _json(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptor(CONFIG, config(signed)),
            "layers": [{**descriptor(PAYLOAD, signed), "annotations": annotation}],
            "subject": subject,
        }
    )


def descriptor(media_type: str, content: bytes) -> dict[str, Any]:
    """How a manifest names a content."""
    return {"mediaType": media_type, "size": len(content), "digest": digest_of(content)}


def signatures(document: bytes) -> Iterator[tuple[str, bytes]]:
    """The digest of the payload and the signature, of each in a manifest; none of what is no manifest."""
    try:
        layers = json.loads(document)["layers"]
        for layer in layers:
            if layer["mediaType"] == PAYLOAD and _DIGEST.fullmatch(layer["digest"]):
                yield layer["digest"], base64.b64decode(layer["annotations"][SIGNATURE], validate=True)
    except _UNREADABLE:
        return


def _json(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
