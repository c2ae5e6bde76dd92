"""Sign images and verify their signatures."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from image_signature import documents
from image_signature.errors import SignatureError, one_line
from image_signature.image import Image, ecr_registry, origin
from image_signature.registry import Repository

ALGORITHM = "ECDSA_SHA_256"
# Of an image, to look at: anybody who may push can add some, and each costs a request and a call of KMS.
MOST_SIGNATURES = 16
_KEY = re.compile(r"arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key/[A-Za-z0-9-]+")
_INVALID = "KMSInvalidSignatureException"
_UNUSABLE = ("InvalidKeyUsageException", "UnsupportedOperationException")


class Signer:
    """Signs and verifies with an asymmetric KMS key (ECC_NIST_P256, SIGN_VERIFY), whose ARN is `key`.

    Credentials are those of the environment, as for other clients of AWS. `endpoint` is that of another cloud than AWS.
    Everything here raises SignatureError, whose text is one line.
    """

    def __init__(self, key: str, endpoint: str = "") -> None:
        found = _KEY.fullmatch(key)
        if not found:
            raise SignatureError(f"{key!r} is not the ARN of a KMS key: arn:aws:kms:REGION:ACCOUNT:key/ID")
        if endpoint and not origin(endpoint):
            raise SignatureError(f"{endpoint!r} is not the URL of a cloud: name it as http://HOST:PORT or https://HOST")
        self._key, self._region = key, found[1]
        self._endpoint = endpoint
        self._clients: dict[tuple[str, str], Any] = {}

    def sign(self, image: Image) -> bool:
        """Sign an image that has no signature yet, then verify what the registry has; return whether it was signed now.

        A signature of another key is an error: a repository of immutable tags takes no second one.
        """
        repository = self._repository(image)
        missing = repository.manifest(image.tag) is None
        if missing:
            self._push(image, repository)
        self._verify(image, repository)
        return missing

    def verify(self, image: Image) -> None:
        """Verify that an image has a signature of the key."""
        self._verify(image, self._repository(image))

    def _push(self, image: Image, repository: Repository) -> None:
        found = repository.manifest(image.digest)
        if found is None or documents.digest_of(found[0]) != image.digest:
            raise SignatureError(f"there is no image {image.digest} in {image.name}")
        content, media_type = found
        signed = documents.payload(image)
        manifest = documents.manifest(signed, self._signature(signed), documents.descriptor(media_type, content))
        for blob in (signed, documents.config(signed)):
            repository.put_blob(blob)
        try:
            repository.put_manifest(image.tag, manifest)
        except SignatureError:
            # Another machine may have signed it meanwhile: the tag is immutable.
            if repository.manifest(image.tag) is None:
                raise

    def _verify(self, image: Image, repository: Repository) -> None:
        found = repository.manifest(image.tag)
        if found is None:
            options = f"--key {self._key}" + (f" --endpoint {self._endpoint}" if self._endpoint else "")
            raise SignatureError(
                f"{image.name} has no signature of {image.digest}: take another image or, if you trust this one, sign "
                f"it with `python -m image_signature sign {options} {image.name}@{image.digest}`"
            )
        looked_at = ""
        for number, (digest, signature) in enumerate(documents.signatures(found[0])):
            if number == MOST_SIGNATURES:
                looked_at = f" (only its first {MOST_SIGNATURES} signatures were looked at)"
                break
            content = repository.blob(digest)
            if content is not None and documents.signs(content, image) and self._is_valid(content, signature):
                return
        raise SignatureError(
            f"{image.name} has a signature of {image.digest} that is not {self._key}'s{looked_at}: take another image "
            "or, if you trust this one, remove the signature, then deploy or sign again: `aws ecr batch-delete-image "
            f"--repository-name {image.repository} --image-ids imageTag={image.tag}`"
        )

    def _signature(self, content: bytes) -> bytes:
        with _explained():
            return bytes(self._client("kms", self._region).sign(**self._call(content))["Signature"])

    def _is_valid(self, content: bytes, signature: bytes) -> bool:
        kms = self._client("kms", self._region)
        try:
            with _explained():
                return bool(kms.verify(**self._call(content), Signature=signature)["SignatureValid"])
        except kms.exceptions.KMSInvalidSignatureException:
            return False

    def _call(self, content: bytes) -> dict[str, Any]:
        # The digest: KMS takes no message over 4096 bytes.
        digest = hashlib.sha256(content).digest()
        return {"KeyId": self._key, "Message": digest, "MessageType": "DIGEST", "SigningAlgorithm": ALGORITHM}

    def _repository(self, image: Image) -> Repository:
        found = ecr_registry(image.registry)
        # Of another account than that of the credentials, too: the answer names the registry.
        whose = {"registryIds": [found[0]]} if found else {}
        with _explained():
            ecr = self._client("ecr", found[1] if found else self._region)
            (given,) = ecr.get_authorization_token(**whose)["authorizationData"]
        # Whoever has the token may push to the whole registry. Another cloud has its registry at its own address.
        own = given.get("proxyEndpoint", "")
        if not image.is_at(own) and not image.is_at(ecr.meta.endpoint_url):
            raise SignatureError(
                f"{image.registry} gets no login, which is for {one_line(own)}: name an image there or, "
                "of another cloud, its URL with --endpoint"
            )
        return Repository(image, given["authorizationToken"])

    def _client(self, service: str, region: str) -> Any:
        if (service, region) not in self._clients:
            options = {"endpoint_url": self._endpoint} if self._endpoint else {}
            with _explained():
                self._clients[service, region] = get_session().create_client(service, region_name=region, **options)
        return self._clients[service, region]


@contextmanager
def _explained() -> Iterator[None]:
    """Turn a refusal of AWS into one line; an invalid signature is none."""
    try:
        yield
    except ClientError as error:
        code, said = error.response["Error"]["Code"], one_line(error.response["Error"].get("Message", ""))
        if code == _INVALID:
            raise
        if code in _UNUSABLE:
            said = f"{said} The key must sign with {ALGORITHM}: make one with the key spec ECC_NIST_P256"
        raise SignatureError(f"AWS refuses {error.operation_name}: {code}: {said}") from None
    # ValueError: AWS_ENDPOINT_URL is none.
    except (BotoCoreError, ValueError) as error:
        raise SignatureError(f"AWS: {one_line(str(error))}") from None
