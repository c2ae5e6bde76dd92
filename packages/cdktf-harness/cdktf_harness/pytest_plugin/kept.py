"""A deployment that outlives the test run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cdktf_harness.project.project import Project
from cdktf_harness.pytest_plugin.deployment import Deployed
from cdktf_harness.synthesis.app import App, Settings
from cdktf_harness.system.deployment_lock import owned
from cdktf_harness.system.errors import HarnessError


def kept_folder(project: Project) -> Path:
    """Return the folder of a project's kept deployment."""
    return project.folder / "kept"


@contextmanager
def kept_deployment(app: App, settings: Settings) -> Iterator[Deployed]:
    """Yield the kept deployment, to one run at a time."""
    folder = kept_folder(app.project)
    with owned(folder, _busy):
        yield Deployed(app, folder, settings=settings)


def _busy(holder: str) -> None:
    raise HarnessError("another test run uses the kept deployment: wait for it, or run without --cdktf-keep")


def how_to_reach(deployment: Deployed) -> list[str]:
    """Return lines that say how to work with a kept deployment."""
    lines = [
        f"cloud: {deployment.cloud.url}",
        'its credentials, for this shell: eval "$(python -m cdktf_harness.pytest_plugin env)"',
        f"files: {deployment.folder} (the cloud's log: {deployment.cloud.process.log})",
        "to use it again: pytest --cdktf-keep",
        "to remove it: python -m cdktf_harness.pytest_plugin down",
    ]
    return [f"url: {deployment.url}", *lines] if deployment.app.project.url else lines
