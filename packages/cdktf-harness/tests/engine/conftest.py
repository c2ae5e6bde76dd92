"""The engine that the tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cdktf_harness.docker.engine import Engine, ensure_engine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The engine that runs, else one started here."""
    engine = ensure_engine()
    yield engine
    engine.client.close()


@pytest.fixture
def socket(engine: Engine) -> Path:
    """Where an engine of this machine listens; on a bare machine there is none before the first test."""
    path = Path("/var/run/docker.sock")
    if not path.exists():
        pytest.skip("the engine listens elsewhere")
    return path
