"""The deployment that all tests here share; each test works alone and in any order."""

from __future__ import annotations

import pytest

from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import App, Deployed

# Requests a second and at once: more than the other tests make.
LIMIT = 20


@pytest.fixture(scope="session")
def deployment_settings(docker_engine: Engine) -> dict[str, str]:
    """Everything that may be deployed, no emulation, the longest time-out: on a busy machine functions start slowly."""
    native = {"amd64": "x86_64"}.get(docker_engine.architecture, docker_engine.architecture)
    monitored = {"monitoring": "true", "alarm_email": "ops@example.com", "api_gateway_role": "true"}
    limits = {"rate_limit": str(LIMIT), "burst_limit": str(LIMIT), "api_key": "false"}
    return {"architecture": native, "timeout_s": "29", **monitored, **limits}


@pytest.fixture(scope="session")
def changed_by() -> list[str]:
    """The tests that changed the deployment since it was as this checkout has it."""
    return []


@pytest.fixture
def unchanged(
    deployment: Deployed, cdktf_app: App, deployment_settings: dict[str, str], changed_by: list[str]
) -> Deployed:
    """The deployment as this checkout has it, for a test that leaves it so."""
    if changed_by:
        cdktf_app.copy(deployment.app.root)
        deployment.up(deployment_settings)
        changed_by.clear()
    return deployment


@pytest.fixture
def changeable(deployment: Deployed, changed_by: list[str], request: pytest.FixtureRequest) -> Deployed:
    """The deployment as the last test left it, which may have destroyed it, for one that changes it."""
    changed_by.append(request.node.name)
    return deployment
