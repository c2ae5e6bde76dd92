"""The pytest plugin (entry point `pytest11`).

It has no slow imports: without a [tool.cdktf-harness] table it has only its options and the fixtures of `cloud`.
"""

from __future__ import annotations

import os

import pytest

from cdktf_harness.pytest_plugin import cloud
from cdktf_harness.pytest_plugin.options import KEPT, add_options, app_folder


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of the plugin."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register the fixtures; those of an app if there is one."""
    config.pluginmanager.register(cloud, "cdktf_harness_cloud")
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
    if config.getoption("cdktf_coverage"):
        from cdktf_harness.pytest_plugin.coverage import Coverage

        config.pluginmanager.register(Coverage(), "cdktf_harness_coverage")
    if chosen := config.getoption("cdktf_providers"):
        os.environ["PROVIDERS"] = chosen
    os.environ |= environment.direct()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how to reach a kept deployment, and skipped stages that do not exist."""
    config = terminalreporter.config
    if config.getoption("cdktf_skip") and not config.pluginmanager.hasplugin("dsession"):
        from cdktf_harness.pytest_plugin.stages import unknown

        for stage in unknown(config):
            terminalreporter.line(f"--cdktf-skip {stage}: no test of this run has this stage", yellow=True)
    if lines := terminalreporter.config.stash.get(KEPT, None):
        terminalreporter.section("the deployment is kept")
        for line in lines:
            terminalreporter.line(line)
