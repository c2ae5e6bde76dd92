"""Sign images and verify their signatures, by the APIs of ECR and KMS."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from image_signature import documents

ALGORITHM = "ECDSA_SHA_256"
# Of an image, to verify: anybody with the right to push can add some, and each costs a call of KMS.
MOST_SIGNATURES = 16
_KEY = re.compile(r"arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key/[A-Za-z0-9-]+")
_NAME = re.compile(r"([^/\s]+)/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)@(sha256:[0-9a-f]{64})")
_ECR = re.compile(r"([0-9]{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\..+")
_INVALID = "KMSInvalidSignatureException"
_UNUSABLE = ("InvalidKeyUsageException", "UnsupportedOperationException")


class SignatureError(Exception):
    """An image cannot be signed, or is not signed by the key; the text is one line that says what to do."""


class _SignedImage(NamedTuple):
    """An image: `name` without its digest; `account` and `repository` are arguments of ECR's calls."""

    name: str
    digest: str
    account: Mapping[str, str]
    repository: Mapping[str, str]
    region: str

    @classmethod
    def parse(cls, text: str) -> _SignedImage:
        """Parse `REGISTRY/REPOSITORY@sha256:...`. Raises SignatureError."""
        found = _NAME.fullmatch(text)
        if not found or not text.isprintable():
            raise SignatureError(f"{text!r} is not an image with a digest: name it as REGISTRY/REPOSITORY@sha256:...")
        host, repository, digest = found.groups()
        ecr = _ECR.fullmatch(host)
        # The registry may be another account's than the credentials.
        account = {"registryId": ecr[1]} if ecr else {}
        names = {"repositoryName": repository, **account}
        return cls(f"{host}/{repository}", digest, account, names, ecr[2] if ecr else "")

    @property
    def tag(self) -> str:
        """The tag under which cosign looks for signatures (cosign's SIGNATURE_SPEC.md, "Tag-based discovery")."""
        return f"{self.digest.replace(':', '-')}.sig"


class Signer:
    """Signs and verifies with an asymmetric KMS key (ECC_NIST_P256, SIGN_VERIFY), whose ARN is `key`.

    The credentials come from the environment, as for other AWS clients. `endpoint` is that of a cloud other than AWS.
    Images are named as `REGISTRY/REPOSITORY@sha256:...`. All methods raise SignatureError, whose text is one line.
    """

    def __init__(self, key: str, endpoint: str = "") -> None:
        found = _KEY.fullmatch(key)
        if not found:
            raise SignatureError(f"{key!r} is not the ARN of a KMS key: arn:aws:kms:REGION:ACCOUNT:key/ID")
        self._key, self._region = key, found[1]
        self._endpoint = endpoint
        self._client = cache(self._create_client)

    def sign(self, name: str) -> bool:
        """Sign an image that has no signature yet, then verify what ECR has; return whether it was signed now.

        A signature of another key is an error: a repository of immutable tags accepts no second one.
        """
        image = _SignedImage.parse(name)
        unsigned = self._manifest(image, imageTag=image.tag) is None
        if unsigned:
            self._push(image)
        self.verify(name)
        return unsigned

    def verify(self, name: str) -> None:
        """Verify that an image has a signature of the key."""
        image = _SignedImage.parse(name)
        found = self._manifest(image, imageTag=image.tag)
        if found is None:
            options = f"--key {self._key}" + (f" --endpoint {self._endpoint}" if self._endpoint else "")
            raise SignatureError(
                f"{image.name} has no signature of {image.digest}: use another image or, if you trust this one, sign "
                f"it with `python -m image_signature sign {options} {name}`"
            )
        signed = self._payload(image)
        signatures = islice(documents.signatures(found["imageManifest"], signed), MOST_SIGNATURES)
        if not any(self._is_valid(signed, signature) for signature in signatures):
            raise SignatureError(
                f"{image.name} has a signature of {image.digest} that is not {self._key}'s: use another image or, if "
                "you trust this one, remove the signature, then deploy or sign again: `aws ecr batch-delete-image "
                f"--repository-name {image.repository['repositoryName']} --image-ids imageTag={image.tag}`"
            )

    def _push(self, image: _SignedImage) -> None:
        subject = self._manifest(image, imageDigest=image.digest)
        if subject is None:
            raise SignatureError(f"there is no image {image.digest} in {image.name}: push it first")
        described = documents.descriptor(subject["imageManifestMediaType"], subject["imageManifest"].encode())
        signed, ecr = self._payload(image), self._ecr(image)
        with _one_line_errors():
            signature = self._client("kms", self._region).sign(**self._arguments(signed))["Signature"]
            for blob in (signed, documents.config(signed)):
                self._upload(image, blob)
            # Another machine may have signed the image in the meantime; `sign` verifies its signature.
            with suppress(ecr.exceptions.ImageTagAlreadyExistsException):
                ecr.put_image(
                    **image.repository,
                    imageManifest=documents.manifest(signed, signature, described).decode(),
                    imageManifestMediaType=documents.MANIFEST,
                    imageTag=image.tag,
                )

    def _payload(self, image: _SignedImage) -> bytes:
        """Return what is signed, with the repository's usual name: ECR has others, and another cloud has its own."""
        which = {**image.account, "repositoryNames": [image.repository["repositoryName"]]}
        with _one_line_errors():
            (found,) = self._ecr(image).describe_repositories(**which)["repositories"]
        return documents.payload(found["repositoryUri"], image.digest)

    def _upload(self, image: _SignedImage, blob: bytes) -> None:
        ecr = self._ecr(image)
        upload = {**image.repository, "uploadId": ecr.initiate_layer_upload(**image.repository)["uploadId"]}
        ecr.upload_layer_part(**upload, partFirstByte=0, partLastByte=len(blob) - 1, layerPartBlob=blob)
        with suppress(ecr.exceptions.LayerAlreadyExistsException):
            ecr.complete_layer_upload(**upload, layerDigests=[documents.digest_of(blob)])

    def _manifest(self, image: _SignedImage, **which: str) -> Any:
        """Return the image of the repository with this tag or digest; None if there is none."""
        with _one_line_errors():
            found = self._ecr(image).batch_get_image(
                **image.repository, imageIds=[which], acceptedMediaTypes=list(documents.IMAGES)
            )
        return next(iter(found["images"]), None)

    def _is_valid(self, content: bytes, signature: bytes) -> bool:
        try:
            with _one_line_errors():
                kms = self._client("kms", self._region)
                return bool(kms.verify(**self._arguments(content), Signature=signature)["SignatureValid"])
        except ClientError:
            return False

    def _arguments(self, content: bytes) -> dict[str, Any]:
        digest = hashlib.sha256(content).digest()
        return {"KeyId": self._key, "Message": digest, "MessageType": "DIGEST", "SigningAlgorithm": ALGORITHM}

    def _ecr(self, image: _SignedImage) -> Any:
        return self._client("ecr", image.region or self._region)

    def _create_client(self, service: str, region: str) -> Any:
        options = {"endpoint_url": self._endpoint} if self._endpoint else {}
        return get_session().create_client(service, region_name=region, **options)


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Raise SignatureError for an error of AWS or its client; an invalid signature remains a ClientError."""
    try:
        yield
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        if code == _INVALID:
            raise
        if code in _UNUSABLE:
            message = f"{message} The key must sign with {ALGORITHM}: create one with the key spec ECC_NIST_P256"
        raise SignatureError(f"AWS refuses {error.operation_name}: {code}: {' '.join(message.split())}") from None
    # ValueError: the endpoint is not a URL.
    except (BotoCoreError, ValueError) as error:
        raise SignatureError(f"AWS: {' '.join(str(error).split())}") from None
