"""A function that ends by itself, or by somebody's hand: the next request starts another one, and nothing is left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from docker.models.containers import Container

from cdktf_harness.cloud import handover
from cdktf_harness.cloud.process import Cloud
from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine

from .campaign import Campaign
from .imaged import files

pytestmark = pytest.mark.docker


@pytest.fixture
def campaign(docker_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """An app whose image is built, on the engine that is there."""
    folder = tmp_path_factory.mktemp("function")
    handover.ensure_image(docker_engine, lambda line: None)
    base = bases.image(docker_engine.client, handover.BASE, docker_engine.architecture)
    campaign = Campaign(folder / "app", folder / "tmp", files(base, docker_engine.architecture))
    yield campaign
    campaign.run("down")
    campaign.assert_gone()


def test_a_function_that_was_killed_is_started_anew(campaign: Campaign, docker_engine: Engine) -> None:
    """Its container is removed."""
    assert "hello" in campaign.run("up").lines
    first = _container(campaign, docker_engine)
    first.kill()
    assert "hello" in campaign.run("get").lines
    assert _container(campaign, docker_engine).id != first.id


def _container(campaign: Campaign, engine: Engine) -> Container:
    """The one container that there is of the deployment."""
    label = f"ministack.instance={Cloud(campaign.local / 'cloud').instance}"
    (container,) = engine.client.containers.list(all=True, filters={"label": label}, ignore_removed=True)
    return container
