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

from cdktf_harness.cloud import Cloud
from image_signature import SignatureError, Signer
from image_signature.__main__ import main

TYPE = "application/vnd.dev.cosign.simplesigning.v1+json"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd"
DIGEST = f"sha256:{64 * '0'}"


@pytest.fixture(scope="module")
def registry(cloud: Cloud) -> Iterator[Registry]:
    """A repository and a key; this process has the credentials of their cloud."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in cloud.credentials.environment.items():
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
    assert manifest["subject"]["digest"] == digest


def test_a_signed_image_is_not_signed_again(registry: Registry) -> None:
    """The repository accepts no second signature, and keys cost by the signature."""
    image = registry.new_image()
    assert registry.sign(image)
    before = registry.manifest(image)
    assert not registry.sign(image)
    assert registry.manifest(image) == before
    assert registry.refusal(image) == ""


def test_a_removed_signature_is_made_again(registry: Registry) -> None:
    """The registry still has its layers."""
    image = registry.new_image()
    registry.sign(image)
    registry.ecr.batch_delete_image(repositoryName="signed", imageIds=[{"imageTag": tag(image)}])
    assert registry.sign(image)


def test_an_image_without_a_signature_is_refused(registry: Registry) -> None:
    """One line says how to sign it."""
    image = registry.new_image()
    name, _, digest = image.rpartition("@")
    said = registry.refusal(image)
    assert said.startswith(f"{name} has no signature of {digest}: ")
    options = f"--key {registry.key} --endpoint {registry.cloud.url}"
    assert said.endswith(f" `python -m image_signature sign {options} {image}`")


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


def test_a_missing_image_or_repository_is_reported(registry: Registry) -> None:
    """Before anything is signed."""
    image = registry.new_image().rpartition("@")[0]
    with pytest.raises(SignatureError, match=f"there is no image {DIGEST} in {image}: push it first"):
        registry.sign(f"{image}@{DIGEST}")
    with pytest.raises(SignatureError, match="AWS refuses BatchGetImage: RepositoryNotFoundException: "):
        registry.sign(f"{image}-2@{DIGEST}")


def test_the_program_ends_in_one_line(registry: Registry) -> None:
    """For Terraform and for a person; tests/e2e shows its success."""
    image = registry.new_image()
    command = [sys.executable, "-m", "image_signature", "verify", "--key", registry.key]
    done = subprocess.run([*command, "--endpoint", registry.cloud.url, image], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"image_signature: {image.replace('@', ' has no signature of ')}: ")


@pytest.mark.parametrize(
    ("key", "endpoint", "image", "said"),
    [
        ("alias/ontra", "", f"host/x@{DIGEST}", "'alias/ontra' is not the ARN of a KMS key"),
        (KEY, "", "ontra", "'ontra' is not an image with a digest: name it as REGISTRY/REPOSITORY@sha256:..."),
        (KEY, "", "localhost:1/ontra:tag", "is not an image with a digest"),
        (KEY, "", f"a\x1b[2J/x@{DIGEST}", f"'a\\x1b[2J/x@{DIGEST}' is not an image with a digest"),
        (KEY, "localhost:1", f"host/x@{DIGEST}", "AWS: Invalid endpoint: localhost:1"),
        (KEY, "http://[bad", f"host/x@{DIGEST}", "AWS: Invalid"),
    ],
)
def test_a_wrong_argument_is_refused_in_one_line(
    key: str, endpoint: str, image: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key, the image and the URL of the cloud; a tag is no image, since it may move to another one."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setattr("sys.argv", ["image_signature", "verify", "--key", key, "--endpoint", endpoint, image])
    with pytest.raises(SystemExit, match=r"^image_signature: .*$") as ended:
        main()
    assert said in str(ended.value)


@pytest.mark.parametrize("host", ["{}.dkr.ecr.us-west-2.amazonaws.com", "{}.dkr-ecr.us-west-2.on.aws"])
def test_an_image_of_another_account_is_looked_up_there(host: str, registry: Registry) -> None:
    """In the account and the region that the registry's name has; without the repository in both it is not found."""
    signer = Signer(registry.key, registry.cloud.url)
    with pytest.raises(SignatureError, match="AWS refuses BatchGetImage: RepositoryNotFoundException: "):
        signer.verify(f"{host.format(123456789012)}/signed@{DIGEST}")
