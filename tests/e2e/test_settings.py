"""Deployments with other settings, from another machine, and the end of all."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import Converges, Deployed
from cdktf_harness.system.errors import HarnessError
from e2e import commands
from e2e.conftest import DESTROYED, Shared
from e2e.contents import image, tags
from terraform_standins.waiting import poll


def test_an_api_with_a_key_is_asked_with_it(changeable: Deployed) -> None:
    """The commands find the key by the output that names it; others are refused."""
    changeable.redeploy(api_key="true")
    assert changeable.http.get().status == 403
    told = json.loads(commands.run(changeable, "status", "--json").stdout)
    assert (told["url"], told["health"]) == (changeable.url, "")


def test_the_same_source_is_pushed_again_to_a_repository_of_immutable_tags(changeable: Deployed) -> None:
    """From another machine or after the state was lost: each push has a tag of its own, so none is refused."""
    before = tags(changeable)
    changeable.target.destroy(only=["api"])
    outputs = changeable.redeploy()["api"]
    assert len(tags(changeable)) == len(before) + 1
    assert "The current epoch time" in changeable.answer()
    assert outputs["image_digest"]


@pytest.mark.embedded
def test_another_architecture_is_emulated(
    changeable: Deployed, deployment_settings: dict[str, str], docker_engine: Engine
) -> None:
    """An image and a function of the one that is not the engine's own; it answers."""
    other = {"x86_64": "arm64", "arm64": "x86_64"}[deployment_settings["architecture"]]
    outputs = changeable.redeploy(architecture=other)["api"]
    assert image(changeable, docker_engine).attrs["Architecture"] == {"x86_64": "amd64"}.get(other, other)
    function = changeable.cloud.client("lambda").get_function(FunctionName=outputs["function_name"])
    assert function["Configuration"]["Architectures"] == [other]

    def answer() -> str:
        with suppress(HarnessError):
            return changeable.answer()
        return ""

    # On a busy machine, an emulated cold start may take longer than the function's time-out.
    assert "epoch time" in poll(answer, 180)


@pytest.mark.embedded
def test_destroy_leaves_nothing(changeable: Deployed, shared: Shared, assert_converges: Converges) -> None:
    """A second plan is empty, and `cdktf destroy` leaves cloud and engine empty."""
    shared.changes.append(DESTROYED)
    assert_converges(deployment=changeable)
