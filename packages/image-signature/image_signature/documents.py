"""The documents of a signature, as cosign writes them (cosign's SIGNATURE_SPEC.md)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
# The media types that can be signed.
IMAGES = (
    MANIFEST,
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_CONFIG = "application/vnd.oci.image.config.v1+json"
_PAYLOAD = "application/vnd.dev.cosign.simplesigning.v1+json"
_SIGNATURE = "dev.cosignproject.cosign/signature"
# The errors of reading a document that is not a signature; RecursionError: too many nested arrays.
_UNREADABLE = (ValueError, TypeError, LookupError, RecursionError)


def digest_of(content: bytes) -> str:
    """Return the digest by which a registry identifies a content."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def payload(repository: str, digest: str) -> bytes:
    """Return what is signed for an image of a repository: byte by byte what cosign signs."""
    critical = {
        "identity": {"docker-reference": repository},
        "image": {"docker-manifest-digest": digest},
        "type": "cosign container image signature",
    }
    return _json({"critical": critical, "optional": None})


def config(signed: bytes) -> bytes:
    """Return the configuration of the image that contains a payload."""
    layers = {"type": "layers", "diff_ids": [digest_of(signed)]}
    return _json({"architecture": "", "config": {}, "created": "0001-01-01T00:00:00Z", "os": "", "rootfs": layers})


def manifest(signed: bytes, signature: bytes, subject: Mapping[str, Any]) -> bytes:
    """Return the manifest of the image that contains a payload and its signature.

    ECR deletes it with its `subject` (OCI 1.1), the signed image (ECR's guide, "Sign images").
    """
    annotation = {_SIGNATURE: base64.b64encode(signature).decode()}
    return _json(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptor(_CONFIG, config(signed)),
            "layers": [{**descriptor(_PAYLOAD, signed), "annotations": annotation}],
            "subject": subject,
        }
    )


def descriptor(media_type: str, content: bytes) -> dict[str, Any]:
    """Return the reference to a content in a manifest."""
    return {"mediaType": media_type, "size": len(content), "digest": digest_of(content)}


def signatures(document: str, signed: bytes) -> Iterator[bytes]:
    """Yield the signatures of the payload `signed` in a manifest; none if it is not a manifest."""
    try:
        for layer in json.loads(document)["layers"]:
            if layer["digest"] == digest_of(signed):
                yield base64.b64decode(layer["annotations"][_SIGNATURE], validate=True)
    except _UNREADABLE:
        return


def _json(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
