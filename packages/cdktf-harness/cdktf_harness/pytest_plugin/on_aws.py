"""A deployment to an AWS account, for one test run."""

from __future__ import annotations

import getpass
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cdktf_harness.pytest_plugin.aws_deployment import DeployedOnAws
from cdktf_harness.synthesis.app import App, Settings
from cdktf_harness.system.deployment_lock import owned
from cdktf_harness.system.errors import HarnessError


def stage(app: App) -> str:
    """The name of the stage: each user and each checkout has one, in which a run finds what a killed one has left."""
    user = re.sub("[^a-z0-9]", "", getpass.getuser().lower())[:6]
    return f"t-{user}-{zlib.crc32(str(app.root).encode()):08x}"[:16]


def aws_folder(app: App, number: str) -> Path:
    """The folder of what a run has in the account `number`; it stays until what was deployed is destroyed."""
    return app.project.folder / f"tested-on-aws-{number}"


@contextmanager
def deployed_on_aws(app: App, number: str, settings: Settings) -> Iterator[DeployedOnAws]:
    """Yield the app, to be deployed to the account `number`; destroy it at the end."""
    folder = aws_folder(app, number)
    with owned(folder, _busy):
        deployed = DeployedOnAws(app, folder, number=number, stage=stage(app), settings=settings)
        try:
            yield deployed
        finally:
            deployed.down()


def _busy(holder: str) -> None:
    raise HarnessError(f"another test run is on AWS ({holder}): wait for it")
