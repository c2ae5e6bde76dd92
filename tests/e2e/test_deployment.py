"""What a user does with a deployment, on real Terraform, a real Docker engine and the embedded cloud.

The tests build on one another and run in the order of this file.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docker
import pytest
from cdktf_harness.docker.engine import Engine
from cdktf_harness.local import LocalDeployment
from checkout import Checkout, copy_project

pytestmark = pytest.mark.docker

NO_CHANGES = "No changes. Your infrastructure matches the configuration."


def test_get_time_answers_the_epoch_time(deployment: LocalDeployment, curl: Callable[..., str]) -> None:
    """GET /time answers the seconds since 1970, as JSON and nothing else."""
    before = int(time.time())
    answer = json.loads(curl(deployment.url()))
    assert list(answer) == ["The current epoch time"]
    assert before <= answer["The current epoch time"] <= time.time()


def test_the_answer_is_declared_as_json(deployment: LocalDeployment, curl: Callable[..., str]) -> None:
    """The content type reaches the client."""
    assert "content-type: application/json" in curl(deployment.url(), "--head", "--request", "GET").lower()


def test_other_routes_do_not_answer(deployment: LocalDeployment, curl: Callable[..., str]) -> None:
    """Only the declared method of the declared path reaches the function."""
    url = deployment.url()
    assert curl(url, "--output", "/dev/null", "--write-out", "%{http_code}", "--no-fail-with-body", "-XPOST") == "403"


def test_the_pushed_image_is_a_plain_manifest_for_arm64(
    deployment: LocalDeployment, client: Callable[[str], Any]
) -> None:
    """Lambda takes no index: what the tag and the digest name is one platform's manifest."""
    repository = "ontra-prod"
    (image,) = client("ecr").describe_images(repositoryName=repository)["imageDetails"]
    assert image["imageDigest"] == deployment.outputs()["api"]["image_digest"]
    (found,) = client("ecr").batch_get_image(
        repositoryName=repository, imageIds=[{"imageDigest": image["imageDigest"]}]
    )["images"]
    manifest = json.loads(found["imageManifest"])
    assert "manifests" not in manifest
    name = f"{deployment.cloud.registry}/{repository}@{image['imageDigest']}"
    inspected = docker.from_env().images.pull(name)
    assert inspected.attrs["Architecture"] == "arm64"


def test_the_function_runs_that_digest_behind_its_alias(
    deployment: LocalDeployment, client: Callable[[str], Any]
) -> None:
    """The function's image is named by digest, and `live` points at the published version of the outputs."""
    outputs = deployment.outputs()["api"]
    function = client("lambda").get_function(FunctionName=outputs["function_name"], Qualifier="live")
    assert function["Code"]["ImageUri"].endswith(f"@{outputs['image_digest']}")
    assert function["Configuration"]["Version"] == outputs["function_version"]
    assert function["Configuration"]["Architectures"] == ["arm64"]


def test_nothing_to_do_the_second_time(deployment: LocalDeployment) -> None:
    """With unchanged sources a diff says so, and a deployment changes nothing."""
    before = deployment.outputs()
    assert deployment.diff().count(NO_CHANGES) == 2
    assert deployment.deploy() == before


def test_nothing_to_do_in_another_checkout_without_image_or_engine(
    deployment: LocalDeployment, folder: Path, tmp_path: Path
) -> None:
    """Another folder, no image in the engine and no engine at all: the plan is still empty."""
    elsewhere = copy_project(tmp_path / "elsewhere").deployment(folder)
    elsewhere.env = {**deployment.env, "DOCKER_HOST": f"unix://{tmp_path}/no-engine.sock"}
    assert elsewhere.diff().count(NO_CHANGES) == 2


def test_no_plan_and_no_state_holds_the_registry_password(
    deployment: LocalDeployment, folder: Path, client: Any
) -> None:
    """The login is ephemeral: its password is in no file that the tools leave."""
    token = client("ecr").get_authorization_token()["authorizationData"][0]["authorizationToken"]

    password = base64.b64decode(token).partition(b":")[2]
    files = [path for path in folder.rglob("*") if path.is_file() and "cloud" not in path.relative_to(folder).parts]
    assert any(path.name == "terraform.api.tfstate" for path in files)
    leaks = [path for path in files if password in path.read_bytes() or token.encode() in path.read_bytes()]
    assert leaks == []


def test_a_changed_source_is_a_new_version_and_a_new_answer(
    deployment: LocalDeployment, checkout: Checkout, client: Callable[[str], Any], curl: Callable[..., str]
) -> None:
    """New tag, new digest, new version, new answer; the old version stays to go back to."""
    before = deployment.outputs()["api"]
    checkout.edit("lambda_image/app.py", "The current epoch time", "The epoch time now")
    after = deployment.deploy()["api"]
    assert list(json.loads(curl(deployment.url()))) == ["The epoch time now"]
    assert after["image_digest"] != before["image_digest"]
    assert after["function_version"] != before["function_version"]
    old = client("lambda").get_function(FunctionName=before["function_name"], Qualifier=before["function_version"])
    assert old["Code"]["ImageUri"].endswith(f"@{before['image_digest']}")


def test_what_was_deleted_behind_our_back_is_made_again(
    deployment: LocalDeployment, client: Callable[[str], Any], curl: Callable[..., str]
) -> None:
    """A deployment converges from what is there, not from what was."""
    name = deployment.outputs()["api"]["function_name"]
    client("lambda").delete_function(FunctionName=name)
    client("logs").delete_log_group(logGroupName=f"/aws/lambda/{name}")
    deployment.deploy()
    assert list(json.loads(curl(deployment.url()))) == ["The epoch time now"]
    assert deployment.diff().count(NO_CHANGES) == 2


def test_destroy_leaves_nothing(
    deployment: LocalDeployment, client: Callable[[str], Any], docker_engine: Engine
) -> None:
    """After `cdktf destroy` the cloud is empty, images included, and no container runs."""
    deployment.destroy()
    assert client("ecr").describe_repositories()["repositories"] == []
    assert client("lambda").list_functions()["Functions"] == []
    assert client("apigateway").get_rest_apis()["items"] == []
    assert client("logs").describe_log_groups()["logGroups"] == []
    assert client("iam").list_roles()["Roles"] == []
    label = f"ministack.instance={deployment.cloud.instance}"
    assert docker_engine.client.containers.list(filters={"label": label}) == []
