"""A deployment that outlives the test run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cdktf_harness.pytest_plugin.deployment import Deployed
from cdktf_harness.synthesis.app import App, Settings
from cdktf_harness.system.deployment_lock import owned
from cdktf_harness.system.errors import HarnessError


@contextmanager
def kept_deployment(app: App, settings: Settings) -> Iterator[Deployed]:
    """Yield the kept deployment, to one run at a time."""
    folder = app.project.folder / "kept"
    with owned(folder, _busy):
        yield Deployed(app, folder, settings=settings)


def _busy(holder: str) -> None:
    raise HarnessError("another test run uses the kept deployment: wait for it, or run without --cdktf-keep")


def how_to_reach(deployment: Deployed) -> list[str]:
    """Return lines that say how to work with a kept deployment."""
    lines = [
        f"cloud: {deployment.cloud.url}",
        'its credentials, for this shell: eval "$(cdktf-harness env --kept)"',
        f"files: {deployment.folder} (the cloud's log: {deployment.cloud.log})",
        "to use it again: pytest --cdktf-keep",
        "to remove it: cdktf-harness down --kept",
    ]
    return [f"url: {deployment.url}", *lines] if deployment.app.project.url else lines
