"""A stage takes exactly the image that another one runs, from another account or the same, without a build."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from commands.running import completed

from cdktf_harness.cloud import HOST, Cloud, remove_leftovers
from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.pytest_plugin import Deployed
from cdktf_harness.pytest_plugin.empty_images import push
from e2e import commands
from e2e.contents import REPOSITORY

pytestmark = pytest.mark.embedded
TARGET = "ontra-prod"
Promote = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def other(deployment: Deployed, tmp_path: Path) -> Iterator[Cloud]:
    """Another account: a cloud with its own credentials, registry and keys."""
    cloud = Cloud(tmp_path / "other", deployment.cloud.region)
    cloud.start()
    try:
        yield cloud
    finally:
        cloud.stop()
        remove_leftovers(instance=cloud.instance, registry=cloud.registry)


@pytest.fixture
def on_aws(unchanged: Deployed, other: Cloud, tmp_path: Path) -> Promote:
    """Run a command on stage `prod` in the other account, with a profile for each account and no Docker engine."""
    clouds = {"dev": unchanged.cloud, "prod": other}
    lines = []
    for name, cloud in clouds.items():
        keys = "".join(f"{key.lower()} = {value}\n" for key, value in cloud.credentials.environment.items())
        lines.append(f"[profile {name}]\n{keys}endpoint_url = http://{HOST}:{cloud.port}\n")
    config = tmp_path / "config"
    config.write_text("".join(lines))
    given = commands.variables(unchanged, aws=True)
    env = {name: value for name, value in given.items() if not name.startswith("AWS_")}
    own = other.credentials
    env |= {"AWS_CONFIG_FILE": str(config), "AWS_PROFILE": "prod", "DOCKER_HOST": f"unix://{tmp_path}/no-engine.sock"}
    env |= {"ONTRA_STAGE": "prod", "ONTRA_ENDPOINT": other.url}
    env |= {"TF_VAR_access_key": own.access_key_id, "TF_VAR_secret_key": own.secret_access_key}

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return completed(unchanged.app.root, "aws", *arguments, env={**env, **more}, clear=True)

    return run


def test_an_image_is_promoted_to_another_account(unchanged: Deployed, other: Cloud, on_aws: Promote) -> None:
    """With a signature there, without a Docker engine; rollback needs none either. Each refusal is one line."""

    def promote(stage: str = "dev", key: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        source = (f"endpoint={unchanged.cloud.url}", f"signing_key={key}", "--from-profile", "dev", "--yes")
        return on_aws("promote", "--from", stage, *source, **env)

    def refused(done: subprocess.CompletedProcess[str]) -> str:
        assert done.returncode == 1, done.stdout
        return done.stderr.splitlines()[-1]

    assert "nothing is deployed in stage nobody" in refused(promote("nobody"))
    assert "prod is the stage to deploy, too" in refused(promote("prod"))
    keys = [
        cloud.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
        for cloud in (unchanged.cloud, other, unchanged.cloud)
    ]
    signed = {"ONTRA_SIGNING_KEY": keys[1]}
    assert "requires signed images, but dev signs none" in refused(promote(**signed))
    digest = unchanged.outputs["api"]["image_digest"]
    name = f"{unchanged.cloud.registry}/{REPOSITORY}@{digest}"
    signature = [{"imageTag": f"{digest.replace(':', '-')}.sig"}]

    def unsign() -> None:
        unchanged.cloud.client("ecr").batch_delete_image(repositoryName=REPOSITORY, imageIds=signature)

    # Another test may have signed the image.
    unsign()
    assert "has no signature of sha256:" in refused(promote(key=keys[0], **signed))
    sign(unchanged.env, keys[2], name)
    assert f"has a signature of {digest} that is not {keys[0]}'s" in refused(promote(key=keys[0], **signed))
    unsign()
    sign(unchanged.env, keys[0], name)
    done = promote(key=keys[0], **signed)
    assert done.returncode == 0, done.stderr
    assert "epoch time" in done.stdout
    live = other.client("lambda").get_function(FunctionName=TARGET, Qualifier="live")
    assert live["Code"]["ImageUri"].endswith(f"@{digest}")
    again = promote(key=keys[0], **signed)
    assert (again.returncode, "0 layers copied" in again.stderr, "  no changes" in again.stderr) == (0, True, True)
    # Another digest holds the tag of the source's build.
    ecr, who = other.client("ecr"), {"repositoryName": TARGET}
    (image,) = (one for one in ecr.describe_images(**who)["imageDetails"] if one["imageDigest"] == digest)
    tag = next(one for one in image["imageTags"] if not one.startswith("release-"))
    ecr.batch_delete_image(**who, imageIds=[{"imageTag": tag}])
    push(ecr, TARGET, tag, "linux/amd64")
    assert f"has another image under the immutable tag {tag}" in refused(promote(key=keys[0], **signed))
    back = on_aws("rollback", "1", **signed)
    assert back.returncode == 0, back.stderr
    unsign()
    for key in (keys[0], keys[2]):
        unchanged.cloud.client("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=7)


def sign(env: Mapping[str, str], key: str, image: str) -> None:
    """Sign an image as `python -m image_signature` does."""
    command = [sys.executable, "-m", "image_signature", "sign", "--key", key, image]
    subprocess.run(command, env=env, check=True, capture_output=True)


@pytest.mark.usefixtures("unchanged")
def test_an_image_is_promoted_on_this_machine(changeable: Deployed) -> None:
    """To another stage in the same cloud, which keeps the image's commit; the source is not built."""
    project = replace(changeable.app.project, given={"stage": "second"})
    local = LocalDeployment(project, changeable.app.project.folder / "local")
    changeable.app.edit("lambda_image/app.py", "The current epoch time", "The epoch time of the source")
    env = {"ONTRA_STAGE": "second"}
    done = commands.run(changeable, "promote", "--from", commands.STAGE, env=env)
    try:
        assert done.returncode == 0, done.stderr
        (release,) = json.loads(commands.run(changeable, "releases", "--json", env=env).stdout)
        assert (release["digest"], release["good"]) == (changeable.outputs["api"]["image_digest"], True)
        assert "of the source" not in done.stdout
    finally:
        local.prepare()
        local.destroy()
