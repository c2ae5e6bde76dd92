"""The deployed image: in the registry, in the engine, behind the function."""

from __future__ import annotations

import json

import pytest

from cdktf_harness.cloud import remove_leftovers
from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import Deployed
from cdktf_harness.system.http import send
from e2e.contents import REPOSITORY, containers, image


def test_the_function_runs_the_pushed_image(unchanged: Deployed, docker_engine: Engine) -> None:
    """The digest is of a plain manifest, since Lambda accepts no index; `live` points at the version of the outputs."""
    outputs = unchanged.outputs["api"]
    pushed = {
        "repositoryName": unchanged.outputs["registry"]["repository_name"],
        "imageIds": [{"imageDigest": outputs["image_digest"]}],
    }
    (found,) = unchanged.cloud.client("ecr").batch_get_image(**pushed)["images"]
    assert found["imageId"]["imageTag"]
    assert "manifests" not in json.loads(found["imageManifest"])
    assert image(unchanged, docker_engine).attrs["Architecture"] == docker_engine.architecture
    function = unchanged.cloud.client("lambda").get_function(FunctionName=outputs["function_name"], Qualifier="live")
    assert function["Code"]["ImageUri"].endswith(f"@{outputs['image_digest']}")
    assert function["Configuration"]["Version"] == outputs["function_version"]
    assert function["Configuration"]["Architectures"] == [unchanged.settings["architecture"]]


@pytest.mark.embedded
def test_an_image_that_the_engine_has_lost_is_pulled_again(unchanged: Deployed, docker_engine: Engine) -> None:
    """By the embedded cloud, which logs in to its own registry; without a login, the registry refuses."""
    cloud = unchanged.cloud
    assert send(f"{cloud.url}/v2/_catalog").status == 401
    remove_leftovers(instance=cloud.instance, registry=cloud.registry)
    unchanged.answer()
    digest = unchanged.outputs["api"]["image_digest"]
    assert docker_engine.client.images.get(f"{cloud.registry}/{REPOSITORY}@{digest}")


@pytest.mark.embedded
def test_a_killed_function_is_started_again_without_privileges(unchanged: Deployed, docker_engine: Engine) -> None:
    """Its container is removed; the new one has the limits of Lambda."""
    unchanged.answer()
    killed = containers(unchanged, docker_engine)
    for container in killed:
        container.kill()
    # One that ran a moment ago is taken to run still: this request may find out that it does not.
    unchanged.http.get()
    assert unchanged.http.get().status == 200
    # The killed one is removed in the background.
    (running,) = [one for one in containers(unchanged, docker_engine) if one not in killed]
    host = running.attrs["HostConfig"]
    assert (host["CapDrop"], host["SecurityOpt"]) == (["ALL"], ["no-new-privileges"])
    assert (host["ReadonlyRootfs"], host["Binds"], host["Privileged"]) == (True, None, False)
