"""The hooks of the plugin in a project with an app."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from cdktf_harness.project.project import find
from cdktf_harness.pytest_plugin.options import app_folder, keeps
from cdktf_harness.system.errors import CommandFailed, HarnessError

_PACKAGE = Path(__file__).parents[1]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests that need a Docker engine, before `-m` selects by markers."""
    fixtures = {"docker_engine"}
    if find(app_folder(config)).architecture:
        # The app builds images.
        fixtures |= {"deployment", "new_deployment", "assert_converges"}
    for item in items:
        if fixtures.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("docker")
    if config.getoption("cdktf_aws"):
        of_deployment = [item for item in items if "deployment" in getattr(item, "fixturenames", ())]
        selected = [item for item in of_deployment if not item.get_closest_marker("embedded")]
        config.hook.pytest_deselected(items=[item for item in items if item not in selected])
        items[:] = selected


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the output of a failed program below the failure, and only the test's own lines above it."""
    error = call.excinfo.value if call.excinfo else None
    if call.excinfo and isinstance(error, HarnessError):
        for entry in call.excinfo.traceback:
            if _PACKAGE in Path(entry.path).parents:
                # Pytest hides the frames of a module with this variable.
                entry.frame.f_globals["__tracebackhide__"] = True
    report = yield
    if report.failed and isinstance(error, CommandFailed) and (shown := error.tail or error.output):
        report.sections.append(("output of the failed program", shown))
    return report


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let the clouds of this run end with it, even if it is killed; a kept deployment keeps running."""
    from cdktf_harness.cloud import end_with_this_process

    if not keeps(session.config):
        end_with_this_process()
