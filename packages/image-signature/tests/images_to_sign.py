"""A repository of images in an embedded cloud, and a key to sign them with."""

from __future__ import annotations

import json
from typing import Any

from cdktf_harness.cloud import Cloud
from cdktf_harness.pytest_plugin.empty_images import push
from cdktf_harness.system.http import send
from image_signature import SignatureError, Signer

NAME = "signed"


class Registry:
    """A repository of immutable tags, and a key; both of the embedded cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.ecr = cloud.client("ecr")
        self.ecr.create_repository(repositoryName=NAME, imageTagMutability="IMMUTABLE")
        self.key = self.new_key("ECC_NIST_P256")
        self._signer = Signer(self.key, cloud.url)
        self._images = 0

    def new_key(self, spec: str) -> str:
        """Create another key for signatures and return its ARN."""
        made = self.cloud.client("kms").create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")
        return str(made["KeyMetadata"]["Arn"])

    def new_image(self) -> str:
        """Push an unsigned image and return its name with the digest."""
        self._images += 1
        digest = push(self.ecr, NAME, str(self._images), f"linux/{self._images}")
        return f"{self.cloud.registry}/{NAME}@{digest}"

    def sign(self, image: str, key: str = "") -> bool:
        """Sign an image, with another key than usual if it is given."""
        return (Signer(key, self.cloud.url) if key else self._signer).sign(image)

    def refusal(self, image: str) -> str:
        """Return why the signature of an image is refused; empty if it is accepted."""
        try:
            self._signer.verify(image)
        except SignatureError as error:
            return str(error)
        return ""

    def manifest(self, image: str) -> dict[str, Any]:
        """Return the manifest of the signature."""
        (found,) = self.ecr.batch_get_image(repositoryName=NAME, imageIds=[{"imageTag": tag(image)}])["images"]
        return dict(json.loads(found["imageManifest"]))

    def put(self, image: str, manifest: str) -> None:
        """Put a manifest under the tag of an image's signature, as anybody with the right to push can."""
        self.ecr.put_image(repositoryName=NAME, imageManifest=manifest, imageTag=tag(image))

    def blob(self, digest: str) -> bytes:
        """Return a blob as cosign gets it, from the registry."""
        login = {"Authorization": self.cloud.access.registry_login}
        answer = send(f"{self.cloud.url}/v2/{NAME}/blobs/{digest}", headers=login)
        assert answer.status == 200
        return answer.body


def tag(image: str) -> str:
    """Return the tag of an image's signature."""
    return f"{image.rpartition('@')[2].replace(':', '-')}.sig"
