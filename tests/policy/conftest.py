"""Tests of the IAM policies in policy.toml: the short form from recorded calls; the long one by `make test-policy`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import App
from policy.life import Life, life_in


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long form out where it is not asked for."""
    if "life" in config.option.markexpr:
        return
    long = [item for item in items if item.get_closest_marker("life")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def life(cdktf_app: App, docker_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """An account of AWS, here an embedded one that evaluates policies, and a checkout whose stage is deployed to it."""
    with life_in(tmp_path_factory.mktemp("life"), cdktf_app, docker_engine) as lived:
        yield lived
