"""Tests of the IAM policies in policy.toml: the short form from recorded calls; the long one by `make test-policy`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import App
from policy.life import Life, life_in


@pytest.fixture(scope="session")
def life(cdktf_app: App, docker_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """An account of AWS, here an embedded one that evaluates policies, and a checkout whose stage is deployed to it."""
    with life_in(tmp_path_factory.mktemp("life"), cdktf_app, docker_engine) as lived:
        yield lived
