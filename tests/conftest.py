"""What the rings of tests share.

unit             the handler, the settings, the build context      Python
snapshot, plan   the synthesized stacks, and what Terraform does  Terraform and the embedded cloud, as installed
image            both targets of the Containerfile                a Docker engine
e2e              deployments                                      a Docker engine and all of the above

`pytest tests/plan` runs one of them, `pytest -m "not docker"` those without an engine. Nothing is skipped: where there
is no engine, the tests that need one fail, in CI as everywhere.
"""

from __future__ import annotations

import pytest

RINGS = ("unit", "snapshot", "plan", "image", "e2e", "examples", "terrain", "engines", "benchmarks")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the quick rings go first: what they find explains what the slow ones would. The harness's own tests go last.

    In the last one the smoke test goes first, since others edit what is deployed.
    """

    def ring(item: pytest.Item) -> tuple[int, bool]:
        name = item.path.parent.name
        return RINGS.index(name) if name in RINGS else len(RINGS), item.path.name != "test_smoke.py"

    items.sort(key=ring)
