"""The pytest plugin (entry point `pytest11`).

It has no slow imports: without a [tool.cdktf-harness] table it only declares its options.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# How to reach the kept deployment, for the summary.
KEPT = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of the plugin."""
    group = parser.getgroup("cdktf", "CDK for Terraform app (cdktf-harness)")
    group.addoption("--cdktf-app", metavar="DIR", help="folder of the app's cdktf.json; default: pytest's root folder")
    group.addoption(
        "--cdktf-providers",
        choices=("bundled", "registry"),
        help="Terraform providers: bundled (default), or the real ones from Terraform's registry or the mirror of your "
        "Terraform configuration",
    )
    group.addoption(
        "--cdktf-keep",
        action="store_true",
        help="keep `deployment`, use it again in the next run with this option, and print how to reach and remove it",
    )
    group.addoption(
        "--cdktf-aws",
        metavar="ACCOUNT",
        help="run the tests that use `deployment`, without those of the marker `embedded`, in a dedicated stage of "
        "this AWS account; destroy the stage at the end",
    )


def app_folder(config: pytest.Config) -> Path:
    """Return the folder from which to search upwards for the app's cdktf.json."""
    chosen: str | None = config.getoption("cdktf_app")
    return config.invocation_params.dir / chosen if chosen else config.rootpath


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
