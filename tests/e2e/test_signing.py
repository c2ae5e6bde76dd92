"""With the setting `signing_key`, only images with a signature of that key run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cdktf_harness.project.errors import CommandFailed
from cdktf_harness.pytest_plugin import Deployed
from cdktf_harness.pytest_plugin.empty_images import push
from cdktf_harness.synthesis.stacks import Stack
from cdktf_harness.terraform.run import Terraform
from e2e.registry import REPOSITORY


@pytest.fixture
def terraform(changeable: Deployed) -> Iterator[Terraform]:
    """Terraform by itself: CDKTF's command line takes longer than all that it does here."""
    with closing(Terraform(changeable.env)) as terraform:
        yield terraform


@pytest.fixture
def key(changeable: Deployed) -> Iterator[str]:
    """The ARN of a key for signatures."""
    kms = changeable.cloud.client("kms")
    arn = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    yield arn
    kms.schedule_key_deletion(KeyId=arn, PendingWindowInDays=7)


@pytest.mark.embedded
def test_what_is_deployed_is_signed_and_nothing_else_runs(
    changeable: Deployed, terraform: Terraform, key: str, tmp_path: Path
) -> None:
    """The source's image is signed and verified before the function has it; then there is nothing to do.

    An earlier image is verified only: with a signature that was copied to it, the function stays as it is.
    """
    cloud, process = changeable.cloud, changeable.cloud.process
    ecr, functions = cloud.client("ecr"), cloud.client("lambda")

    def synthesized(name: str, **settings: str) -> Stack:
        wanted = {**changeable.settings, "signing_key": key, **settings}
        return changeable.app.synthesize(tmp_path / name, env=terraform.env, settings=wanted)["api"]

    signed = synthesized("signed")
    outputs = terraform.apply(signed).outputs
    assert "epoch time" in changeable.answer()
    terraform.plan(signed).assert_empty()

    other = push(f"{process.registry}/{REPOSITORY}:other", "linux/other", process.access.registry_login)
    tags = [f"{digest.replace(':', '-')}.sig" for digest in (outputs["image_digest"], other)]
    (found,) = ecr.batch_get_image(repositoryName=REPOSITORY, imageIds=[{"imageTag": tags[0]}])["images"]
    ecr.put_image(repositoryName=REPOSITORY, imageManifest=found["imageManifest"], imageTag=tags[1])
    with pytest.raises(CommandFailed, match=rf"has a signature of {other} that is not {key}'s: take another image or"):
        terraform.apply(synthesized("pinned", image_digest=other))
    live = functions.get_function(FunctionName=outputs["function_name"], Qualifier="live")
    assert live["Configuration"]["Version"] == outputs["function_version"]
    assert live["Code"]["ImageUri"].endswith(f"@{outputs['image_digest']}")
