"""The pytest plugin (entry point `pytest11`).

It has no slow imports: without a [tool.cdktf-harness] table it declares only its options and `cloud`.
"""

from __future__ import annotations

import os

import pytest

from cdktf_harness.pytest_plugin.cloud import cloud as cloud
from cdktf_harness.pytest_plugin.options import KEPT, add_options, app_folder


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of the plugin."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register the fixtures if there is an app."""
    folder = app_folder(config)
    table = folder / "pyproject.toml"
    if not (folder / "cdktf.json").is_file() or not table.is_file() or "[tool.cdktf-harness" not in table.read_text():
        if config.getoption("cdktf_app"):
            raise pytest.UsageError(f"--cdktf-app: {folder} has no cdktf.json, or no [tool.cdktf-harness] beside it")
        return
    from cdktf_harness.project import environment
    from cdktf_harness.project.project import find
    from cdktf_harness.system.errors import HarnessError

    try:
        find(folder)
    except HarnessError as error:
        raise pytest.UsageError(str(error)) from None
    from cdktf_harness.pytest_plugin import fixtures, hooks

    config.addinivalue_line("markers", "docker: needs a Docker engine")
    config.addinivalue_line("markers", "embedded: needs the embedded cloud: deselected by --cdktf-aws")
    config.pluginmanager.register(fixtures, "cdktf_harness_fixtures")
    config.pluginmanager.register(hooks, "cdktf_harness_hooks")
    if chosen := config.getoption("cdktf_providers"):
        os.environ["PROVIDERS"] = chosen
    os.environ |= environment.direct()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how to reach a kept deployment."""
    if lines := terminalreporter.config.stash.get(KEPT, None):
        terminalreporter.section("the deployment is kept")
        for line in lines:
            terminalreporter.line(line)
