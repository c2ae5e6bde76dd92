"""The deployment that all tests here share; each test works alone and in any order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import App, Deployed
from cdktf_harness.pytest_plugin.aws_deployment import aws_folder

# Requests a second and at once: more than the other tests make.
LIMIT = 20
SOURCE = "lambda_image/app.py"
# What the edited source prints: more lines than the embedded cloud looks at first.
LINES = 250
EDITED, DESTROYED = "edited", "destroyed"


@pytest.fixture(scope="session")
def deployment_settings(docker_engine: Engine, cdktf_app: App, pytestconfig: pytest.Config) -> dict[str, str]:
    """Everything that may be deployed, no emulation, the longest time-out: on a busy machine functions start slowly.

    On AWS nothing that sends mail or is the account's; Terraform's state stays there if the run is killed.
    """
    native = {"amd64": "x86_64"}.get(docker_engine.architecture, docker_engine.architecture)
    if number := pytestconfig.getoption("cdktf_aws"):
        states = aws_folder(cdktf_app, number) / "states"
        return {"architecture": native, "timeout_s": "29", "api_key": "false", "state_folder": str(states)}
    monitored = {"monitoring": "true", "alarm_email": "ops@example.com", "api_gateway_role": "true"}
    limits = {"rate_limit": str(LIMIT), "burst_limit": str(LIMIT), "api_key": "false"}
    return {"architecture": native, "timeout_s": "29", **monitored, **limits}


class Shared(NamedTuple):
    """How the deployment is: `changes` are the tests that changed it since it was as this checkout has it."""

    deployment: Deployed
    checkout: App
    settings: dict[str, str]
    changes: list[str]

    def restore(self) -> None:
        """Deploy this checkout with the settings of these tests."""
        self.restore_source()
        self.deployment.up(self.settings)
        self.changes.clear()

    def restore_source(self) -> None:
        """Undo edits, without a deployment."""
        (self.deployment.app.root / SOURCE).write_text((self.checkout.root / SOURCE).read_text())


class Edited(NamedTuple):
    """The deployment of an edited source, and the outputs of the stack `api` before and after it was deployed."""

    deployment: Deployed
    before: Mapping[str, str]
    after: Mapping[str, str]


@pytest.fixture(scope="session")
def shared(deployment: Deployed, cdktf_app: App, deployment_settings: dict[str, str]) -> Shared:
    """The deployment."""
    return Shared(deployment, cdktf_app, deployment_settings, [])


@pytest.fixture
def unchanged(shared: Shared) -> Deployed:
    """The deployment as this checkout has it, for a test that leaves it so."""
    if shared.changes:
        shared.restore()
    return shared.deployment


@pytest.fixture
def changeable(shared: Shared, request: pytest.FixtureRequest) -> Deployed:
    """The deployment with the source and settings of the last test, for one that changes it.

    The source in its folder is that of this checkout, and not deployed.
    """
    if DESTROYED in shared.changes:
        shared.restore()
    shared.restore_source()
    shared.changes.append(request.node.name)
    return shared.deployment


@pytest.fixture(scope="session")
def edits() -> list[Edited]:
    """The deployments of the edited source."""
    return []


@pytest.fixture
def edited(shared: Shared, edits: list[Edited]) -> Edited:
    """The deployment after an edit of its source, for tests that leave it so."""
    if shared.changes[-1:] != [EDITED]:
        if shared.changes:
            shared.restore()
        before = shared.deployment.outputs["api"]
        shared.deployment.app.edit(SOURCE, "The current epoch time", "The epoch time now")
        prints = f"    for line in range({LINES}):\n        print(line)\n    assert event != 'fail'\n"
        shared.deployment.app.edit(SOURCE, "    return {", f"{prints}    return {{")
        shared.changes.append(EDITED)
        edits.append(Edited(shared.deployment, before, shared.deployment.redeploy()["api"]))
    return edits[-1]
