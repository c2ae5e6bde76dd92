"""Images are signed in cosign's format and verified, in the registry and with the keys of an embedded cloud."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from hostile_registry import DIGEST, KEY
from images_to_sign import Registry

from cdktf_harness.cloud import Cloud
from image_signature import SignatureError
from image_signature.__main__ import main
from image_signature.documents import descriptor

IMAGE = f"localhost:1/x@{DIGEST}"
TYPE = "application/vnd.dev.cosign.simplesigning.v1+json"


@pytest.fixture(scope="module")
def registry(cloud: Cloud) -> Iterator[Registry]:
    """The repository and the key; this process has the credentials of their cloud."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in cloud.credentials.environment.items():
            patch.setenv(name, value)
        yield Registry(cloud)


def test_a_signature_is_what_cosign_reads(registry: Registry) -> None:
    """Cosign's SIGNATURE_SPEC.md: where it is, what is signed, and a signature that the public key verifies."""
    image = registry.new_image()
    assert registry.sign(image)
    manifest = registry.manifest(image)
    (layer,) = manifest["layers"]
    assert layer["mediaType"] == TYPE
    payload = registry.raw(image).blob(layer["digest"])
    assert payload is not None
    assert json.loads(payload) == {
        "critical": {
            "identity": {"docker-reference": image.name},
            "image": {"docker-manifest-digest": image.digest},
            "type": "cosign container image signature",
        },
        "optional": None,
    }
    public = load_der_public_key(registry.cloud.client("kms").get_public_key(KeyId=registry.key)["PublicKey"])
    assert isinstance(public, EllipticCurvePublicKey)
    signature = base64.b64decode(layer["annotations"]["dev.cosignproject.cosign/signature"])
    public.verify(signature, payload, ECDSA(SHA256()))
    # With it, ECR deletes the signature with the image.
    assert manifest["subject"]["digest"] == image.digest
    # The repository does not take a second one, and keys cost by the signature.
    assert not registry.sign(image)
    assert registry.manifest(image) == manifest
    assert registry.refusal(image) == ""


def test_a_signature_of_another_image_is_refused(registry: Registry) -> None:
    """Who may push, but not use the key, copies a valid one to the tag for an image of his own."""
    signed, evil = registry.new_image(), registry.new_image()
    registry.sign(signed)
    registry.put(evil, registry.manifest(signed))
    assert f"has a signature of {evil.digest} that is not {registry.key}'s" in registry.refusal(evil)
    with pytest.raises(SignatureError, match=f" `aws ecr .* --image-ids imageTag={evil.tag}`$"):
        registry.sign(evil)


def test_a_signature_of_another_key_is_refused(registry: Registry) -> None:
    """And so is a payload for this image with the signature of another payload."""
    image, other = registry.new_image(), registry.new_image()
    registry.sign(image, registry.new_key("ECC_NIST_P256"))
    assert "is not" in registry.refusal(image)
    registry.sign(other)
    third = registry.new_image()
    raw, mixed = registry.raw(third), registry.manifest(other)
    payload = raw.blob(mixed["layers"][0]["digest"])
    assert payload is not None
    forged = payload.replace(other.digest.encode(), third.digest.encode())
    raw.put_blob(forged)
    mixed["layers"][0] |= descriptor(TYPE, forged)
    registry.put(third, mixed)
    assert "is not" in registry.refusal(third)


@pytest.mark.parametrize(
    "document", ["{}", "[]", "{", '{"layers": 1}', '{"layers": [{}]}', json.dumps({"layers": [{"mediaType": TYPE}]})]
)
def test_what_is_no_signature_is_refused(document: str, registry: Registry) -> None:
    """Anything may be under the tag."""
    image = registry.new_image()
    registry.raw(image).put_manifest(image.tag, document.encode())
    assert "that is not" in registry.refusal(image)


def test_a_key_that_cannot_sign_so_is_told(registry: Registry) -> None:
    """AWS's reason, and what to do; nothing is pushed."""
    image = registry.new_image()
    with pytest.raises(SignatureError, match=r"AWS refuses Sign: InvalidKeyUsage.*key spec ECC_NIST_P256$"):
        registry.sign(image, registry.new_key("RSA_2048"))
    missing = registry.key.rpartition("/")[0] + "/none"
    with pytest.raises(SignatureError, match=r"AWS refuses Sign: NotFoundException: .*/none"):
        registry.sign(image, missing)
    assert "has no signature" in registry.refusal(image)


def test_an_image_without_a_signature_is_refused(registry: Registry) -> None:
    """In one line with the command that signs it, for Terraform and for a person."""
    image = registry.new_image()
    options = f"--key {registry.key} --endpoint {registry.cloud.url} {image.name}@{image.digest}"
    command = [sys.executable, "-m", "image_signature", "verify", *options.split()]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"image_signature: {image.name} has no signature of {image.digest}: ")
    assert done.stderr.endswith(f" `python -m image_signature sign {options}`\n")


def refused_program(*arguments: str) -> str:
    """The line that the program ends with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["image_signature", "verify", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    return str(ended.value)


NO_DIGEST = "is not an image with a digest: name it as REGISTRY/REPOSITORY@sha256"
NO_URL = "is not the URL of a cloud"


@pytest.mark.parametrize(
    ("endpoint", "image", "said"),
    [
        ("localhost:1", IMAGE, "'localhost:1' is not the URL of a cloud: name it as http://HOST:PORT"),
        ("http://[bad", IMAGE, f"'http://[bad' {NO_URL}"),
        ("http://localhost:99999", IMAGE, NO_URL),
        # A tag may be another image tomorrow.
        ("", "localhost:1/ontra:tag", NO_DIGEST),
        ("", "host/ontra@sha256:12", NO_DIGEST),
        ("", f"[bad/x@{DIGEST}", f"'[bad/x@{DIGEST}' {NO_DIGEST}"),
        ("", f"localhost:99999/x@{DIGEST}", NO_DIGEST),
        ("", f"-x/ontra\n@{DIGEST}", NO_DIGEST),
        ("", f"a\x1b[2J/x@{DIGEST}", f"'a\\x1b[2J/x@{DIGEST}' {NO_DIGEST}"),
    ],
)
def test_what_is_no_address_is_refused_in_one_line(endpoint: str, image: str, said: str) -> None:
    """Of a cloud or a registry."""
    assert said in refused_program("--key", KEY, f"--endpoint={endpoint}", "--", image)


def test_an_endpoint_of_the_environment_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS's clients read it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "localhost:1")
    assert "AWS: Invalid endpoint: localhost:1" in refused_program("--key", KEY, IMAGE)
