"""A repository of images in an embedded cloud, and a key to sign them with."""

from __future__ import annotations

import json
from typing import Any

from cdktf_harness.cloud import Cloud
from cdktf_harness.pytest_plugin.empty_images import push
from image_signature import Image, SignatureError, Signer
from image_signature.registry import Repository

NAME = "signed"


class Registry:
    """A repository of immutable tags, and a key; both of the embedded cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        cloud.client("ecr").create_repository(repositoryName=NAME, imageTagMutability="IMMUTABLE")
        self.key = self.new_key("ECC_NIST_P256")
        self._signer = Signer(self.key, cloud.url)
        self._images = 0

    def new_key(self, spec: str) -> str:
        """A new key for signatures."""
        made = self.cloud.client("kms").create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")
        return str(made["KeyMetadata"]["Arn"])

    def new_image(self) -> Image:
        """A new image, which nobody has signed."""
        self._images += 1
        name = f"{self.cloud.registry}/{NAME}"
        login = self.cloud.access.registry_login
        return Image.parse(f"{name}@{push(f'{name}:{self._images}', f'linux/{self._images}', login)}")

    def sign(self, image: Image, key: str = "") -> bool:
        """Sign an image, with another key than usual."""
        return (Signer(key, self.cloud.url) if key else self._signer).sign(image)

    def refusal(self, image: Image) -> str:
        """Why the signature of an image is not accepted; empty if it is."""
        try:
            self._signer.verify(image)
        except SignatureError as error:
            return str(error)
        return ""

    def manifest(self, image: Image) -> dict[str, Any]:
        """The manifest of the signature, read as AWS's tools do."""
        ecr = self.cloud.client("ecr")
        (found,) = ecr.batch_get_image(repositoryName=NAME, imageIds=[{"imageTag": image.tag}])["images"]
        return dict(json.loads(found["imageManifest"]))

    def raw(self, image: Image) -> Repository:
        """The repository, by the API of registries, as anybody has it who may push images."""
        return Repository(image, self.cloud.access.registry_login.removeprefix("Basic "))

    def put(self, image: Image, manifest: dict[str, Any]) -> None:
        """Put a manifest where the signature of an image is."""
        self.raw(image).put_manifest(image.tag, json.dumps(manifest).encode())
