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
from images_to_sign import Registry, tag

from cdktf_harness.cloud.client import EmbeddedCloud
from image_signature import SignatureError
from image_signature.__main__ import main

IMAGE = f"localhost:1/x@{DIGEST}"
TYPE = "application/vnd.dev.cosign.simplesigning.v1+json"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd"
DIGEST = f"sha256:{64 * '0'}"


@pytest.fixture(scope="module")
def registry(cloud: EmbeddedCloud) -> Iterator[Registry]:
    """A repository and a key; this process has the credentials of their cloud."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in cloud.process.credentials.environment.items():
            patch.setenv(name, value)
        yield Registry(cloud)


def test_a_signature_is_what_cosign_reads(registry: Registry) -> None:
    """Cosign's SIGNATURE_SPEC.md: its tag, the signed payload, and a signature that the public key verifies."""
    image = registry.new_image()
    digest = image.rpartition("@")[2]
    assert registry.sign(image)
    manifest = registry.manifest(image)
    (layer,) = manifest["layers"]
    assert layer["mediaType"] == TYPE
    payload = registry.blob(layer["digest"])
    assert json.loads(payload) == {
        "critical": {
            "identity": {"docker-reference": "000000000000.dkr.ecr.eu-central-1.amazonaws.com/signed"},
            "image": {"docker-manifest-digest": digest},
            "type": "cosign container image signature",
        },
        "optional": None,
    }
    assert json.loads(registry.blob(manifest["config"]["digest"]))["rootfs"]["diff_ids"] == [layer["digest"]]
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
    """An attacker who may push, but not use the key, copies a valid signature to the tag for another image."""
    signed, evil = registry.new_image(), registry.new_image()
    registry.sign(signed)
    registry.put(evil, json.dumps(registry.manifest(signed)))
    assert f"has a signature of {evil.rpartition('@')[2]} that is not {registry.key}'s" in registry.refusal(evil)
    with pytest.raises(SignatureError, match=f" `aws ecr .* --image-ids imageTag={tag(evil)}`$"):
        registry.sign(evil)


def test_a_signature_of_another_key_is_refused(registry: Registry) -> None:
    """And so is the payload of this image with the signature of another payload."""
    image, other, third = (registry.new_image() for _ in range(3))
    registry.sign(image, registry.new_key("ECC_NIST_P256"))
    assert "is not" in registry.refusal(image)
    registry.sign(other)
    forged = registry.manifest(image)
    forged["layers"][0]["annotations"] = registry.manifest(other)["layers"][0]["annotations"]
    registry.sign(third)
    forged["layers"][0]["digest"] = registry.manifest(third)["layers"][0]["digest"]
    registry.ecr.batch_delete_image(repositoryName="signed", imageIds=[{"imageTag": tag(third)}])
    registry.put(third, json.dumps(forged))
    assert "is not" in registry.refusal(third)


@pytest.mark.parametrize(
    "document", ["{}", "[]", "{", '{"layers": 1}', '{"layers": [{}]}', 200_000 * "[", '{"layers": [{"digest": 1}]}']
)
def test_anything_else_under_the_tag_is_refused(document: str, registry: Registry) -> None:
    """Anybody with the right to push can put it there."""
    image = registry.new_image()
    registry.put(image, document)
    assert "that is not" in registry.refusal(image)


def test_an_unusable_key_is_reported(registry: Registry) -> None:
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
