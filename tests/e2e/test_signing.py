"""With the setting `signing_key`, only images with a signature of that key run."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.pytest_plugin import Deployed
from cdktf_harness.pytest_plugin.empty_images import push
from cdktf_harness.system.errors import CommandFailed
from cdktf_harness.terraform.run import Terraform
from e2e.contents import REPOSITORY


@pytest.mark.embedded
def test_what_is_deployed_is_signed_and_nothing_else_runs(changeable: Deployed, tmp_path: Path) -> None:
    """The source's image is signed and verified before the function has it; then there is nothing to do.

    An image that somebody pushed under its tag instead is refused, and the function stays as it is. Copied signatures
    are in the tests of image-signature.
    """
    ecr, functions, kms = (changeable.cloud.client(service) for service in ("ecr", "lambda", "kms"))
    key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    settings = {**changeable.settings, "signing_key": key}
    with closing(Terraform(changeable.env)) as terraform:
        signed = changeable.app.synthesize(tmp_path / "signed", env=terraform.env, settings=settings)["api"]
        outputs = terraform.apply(signed).outputs
        assert "epoch time" in changeable.answer()
        terraform.plan(signed).assert_empty()
        who: dict[str, Any] = {"repositoryName": REPOSITORY}
        resources = json.loads(terraform.run(signed, "state", "pull"))["resources"]
        (image,) = (resource for resource in resources if resource["type"] == "docker_registry_image")
        tag = image["instances"][0]["attributes"]["name"].rpartition(":")[2]
        ecr.batch_delete_image(**who, imageIds=[{"imageTag": tag}])
        other = push(ecr, REPOSITORY, tag, f"linux/{tag}")
        with pytest.raises(CommandFailed, match=f"has no signature of {other}: use another image or"):
            terraform.apply(signed)
        live = functions.get_function(FunctionName=outputs["function_name"], Qualifier="live")
        assert live["Configuration"]["Version"] == outputs["function_version"]
        assert live["Code"]["ImageUri"].endswith(f"@{outputs['image_digest']}")
        ecr.batch_delete_image(**who, imageIds=[{"imageTag": tag}])
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
