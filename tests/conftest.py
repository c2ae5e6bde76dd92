"""What the rings of tests share."""

from __future__ import annotations

import pytest
from cdktf_harness.docker import tenancy
from cdktf_harness.docker.engine import Engine, ensure_engine
from checkout import Checkout, copy_project

RINGS = ("unit", "snapshot", "plan", "image", "e2e")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the quick rings go first: what they find explains what the slow ones would."""

    def ring(item: pytest.Item) -> int:
        name = item.path.parent.name
        return RINGS.index(name) if name in RINGS else -1

    items.sort(key=ring)


def pytest_sessionfinish() -> None:
    """Stop a Docker engine that was started for the tests."""
    tenancy.leave()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of this project for the tests of one module."""
    return copy_project(tmp_path_factory.mktemp("checkout") / "ontra")


@pytest.fixture(scope="session")
def docker_engine() -> Engine:
    """A Docker engine that answers; where there is none and none can be started, the test fails."""
    return ensure_engine()
