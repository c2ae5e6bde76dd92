"""The engine that the tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdktf_harness.docker.engine import Engine


@pytest.fixture(scope="session")
def engine(docker_engine: Engine) -> Engine:
    """The engine that runs, else one started here."""
    return docker_engine


@pytest.fixture
def socket(engine: Engine) -> Path:
    """The socket of this machine's engine; the first test may start the engine."""
    path = Path("/var/run/docker.sock")
    if not path.exists():
        pytest.skip("the engine listens elsewhere")
    return path
