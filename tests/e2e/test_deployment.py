"""What a user does with a deployment, on real Terraform, a real Docker engine and the embedded cloud.

The tests build on one another and run in the order of this file, the smoke test first.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from cdktf_harness.cdktf import cdktf
from cdktf_harness.docker import machine
from cdktf_harness.docker.engine import Engine
from cdktf_harness.docker.leftovers import remove_leftovers
from cdktf_harness.testing import App, Converges, Deployed

STACKS = ("registry", "api")
_OTHERS = ("cloud", "app")
# What the changed function prints: more lines than the embedded cloud looks at first.
LINES = 250
NO_CHANGES = "No changes. Your infrastructure matches the configuration."


def test_curl_gets_the_time(deployment: Deployed) -> None:
    """The smoke test that a user types: `curl URL` prints the epoch time and ends well."""
    if not shutil.which("curl"):
        machine.install("curl")
    # A cold start under emulation may outlast the function's time-out on a busy machine, which is a 502.
    options = ["--silent", "--show-error", "--fail", "--max-time", "60", "--retry", "5"]
    command = ["curl", *options, deployment.url]
    before = int(time.time())
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert before <= json.loads(done.stdout)["The current epoch time"] <= time.time()


def test_get_time_answers_the_epoch_time(deployment: Deployed) -> None:
    """GET /time answers the seconds since 1970, as JSON and nothing else."""
    before = int(time.time())
    answer = json.loads(deployment.answer())
    assert list(answer) == ["The current epoch time"]
    assert before <= answer["The current epoch time"] <= time.time()


def test_the_answer_is_declared_as_json(deployment: Deployed) -> None:
    """The content type reaches the client."""
    answer = deployment.http.get()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")


def test_other_routes_do_not_answer(deployment: Deployed) -> None:
    """Only the declared method of the declared path reaches the function."""
    assert deployment.http.request("POST").status == 403


def test_the_pushed_image_is_a_plain_manifest_for_arm64(deployment: Deployed, docker_engine: Engine) -> None:
    """Lambda takes no index: what the tag and the digest name is one platform's manifest."""
    repository = "ontra-prod"
    ecr = deployment.cloud.client("ecr")
    (image,) = ecr.describe_images(repositoryName=repository)["imageDetails"]
    assert image["imageDigest"] == deployment.outputs["api"]["image_digest"]
    (found,) = ecr.batch_get_image(repositoryName=repository, imageIds=[{"imageDigest": image["imageDigest"]}])[
        "images"
    ]
    manifest = json.loads(found["imageManifest"])
    assert "manifests" not in manifest
    name = f"{deployment.cloud.process.registry}/{repository}@{image['imageDigest']}"
    (given,) = ecr.get_authorization_token()["authorizationData"]
    user, _, password = base64.b64decode(given["authorizationToken"]).decode().partition(":")
    login = {"username": user, "password": password}
    inspected = docker_engine.client.images.pull(name, auth_config=login)
    assert inspected.attrs["Architecture"] == "arm64"


def test_an_image_that_the_engine_has_lost_is_pulled_again(deployment: Deployed, docker_engine: Engine) -> None:
    """By the embedded cloud, which logs in to its own registry: that is closed to who has no login."""
    cloud = deployment.cloud.process
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{cloud.url}/v2/_catalog", timeout=10)
    remove_leftovers(instance=cloud.instance, registry=cloud.registry)
    # Its answer may be late where the machine has much to do: the function starts anew, under emulation.
    deployment.http.get()
    digest = deployment.outputs["api"]["image_digest"]
    assert docker_engine.client.images.get(f"{cloud.registry}/ontra-prod@{digest}").attrs["Architecture"] == "arm64"


def test_the_function_runs_that_digest_behind_its_alias(deployment: Deployed) -> None:
    """The function's image is named by digest, and `live` points at the published version of the outputs."""
    outputs = deployment.outputs["api"]
    function = deployment.cloud.client("lambda").get_function(FunctionName=outputs["function_name"], Qualifier="live")
    assert function["Code"]["ImageUri"].endswith(f"@{outputs['image_digest']}")
    assert function["Configuration"]["Version"] == outputs["function_version"]
    assert function["Configuration"]["Architectures"] == ["arm64"]


def test_nothing_to_do_the_second_time(deployment: Deployed) -> None:
    """With unchanged sources a diff says so, and a deployment changes nothing."""
    before = deployment.outputs
    assert [NO_CHANGES in deployment.cdktf("diff", stack) for stack in STACKS] == [True, True]
    assert deployment.redeploy() == before


def test_nothing_to_do_in_another_checkout_without_image_or_engine(
    deployment: Deployed, cdktf_app: App, tmp_path: Path
) -> None:
    """Another folder, no image in the engine and no engine at all: the plan is still empty."""
    elsewhere = cdktf_app.copy(tmp_path / "elsewhere").root
    env = {**deployment.env, "DOCKER_HOST": f"unix://{tmp_path}/no-engine.sock"}
    assert [NO_CHANGES in cdktf("diff", stack, project=elsewhere, env=env) for stack in STACKS] == [True, True]


def test_no_plan_and_no_state_holds_a_secret(deployment: Deployed) -> None:
    """The login and the keys are ephemeral: they are in no file that the tools leave."""
    folder = deployment.folder
    (authorization,) = deployment.cloud.client("ecr").get_authorization_token()["authorizationData"]
    token = authorization["authorizationToken"]
    password = base64.b64decode(token).partition(b":")[2]
    # Neither what the cloud itself keeps, nor the sources.
    files = [path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).parts[0] not in _OTHERS]
    assert any(path.name == "terraform.api.tfstate" for path in files)
    leaks = [path for path in files if password in path.read_bytes() or token.encode() in path.read_bytes()]
    assert leaks == []
    # What is given to child processes.
    secret = deployment.cloud.process.credentials.secret_access_key.encode()
    assert [path.name for path in files if secret in path.read_bytes()] == ["environment.json"]


def test_a_changed_source_is_a_new_version_and_a_new_answer(deployment: Deployed) -> None:
    """New tag, new digest, new version, new answer; the old version stays to go back to."""
    before = deployment.outputs["api"]
    deployment.app.edit("lambda_image/app.py", "The current epoch time", "The epoch time now")
    deployment.app.edit(
        "lambda_image/app.py", "    return {", f"    for line in range({LINES}):\n        print(line)\n    return {{"
    )
    after = deployment.redeploy()["api"]
    assert list(json.loads(deployment.answer())) == ["The epoch time now"]
    assert after["image_digest"] != before["image_digest"]
    assert after["function_version"] != before["function_version"]
    old = deployment.cloud.client("lambda").get_function(
        FunctionName=before["function_name"], Qualifier=before["function_version"]
    )
    assert old["Code"]["ImageUri"].endswith(f"@{before['image_digest']}")


def test_all_that_the_function_prints_is_in_its_log_group(deployment: Deployed) -> None:
    """However much it is."""
    logged = deployment.cloud.logs(f"/aws/lambda/{deployment.outputs['api']['function_name']}")
    printed = [int(line) for line in logged if line.strip().isdecimal()]
    assert printed == list(range(LINES))


def test_what_was_deleted_behind_our_back_is_made_again(deployment: Deployed) -> None:
    """A deployment converges from what is there, not from what was."""
    name = deployment.outputs["api"]["function_name"]
    deployment.cloud.client("lambda").delete_function(FunctionName=name)
    deployment.cloud.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{name}")
    deployment.redeploy()
    assert list(json.loads(deployment.answer())) == ["The epoch time now"]
    deployment.plan().assert_empty()


def test_destroy_leaves_nothing(deployment: Deployed, assert_converges: Converges) -> None:
    """After all that a second plan is empty, and `cdktf destroy` leaves cloud and engine empty."""
    assert_converges(deployment=deployment)
