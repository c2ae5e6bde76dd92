"""The engine that the tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cdktf_harness.docker.engine import Engine, ensure_engine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The engine that runs, else one started here."""
    engine = ensure_engine()
    yield engine
    engine.client.close()
