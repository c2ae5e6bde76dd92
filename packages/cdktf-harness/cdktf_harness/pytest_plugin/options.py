"""The options of the plugin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cdktf_harness.deployment.deployed import Deployed

# How to reach the kept deployment.
KEPT = pytest.StashKey[list[str]]()
# Fixtures that need a Docker engine: always, or only if the app builds images.
NEED_ENGINE = frozenset({"docker_engine"})
NEED_ENGINE_FOR_IMAGES = frozenset({"deployment", "new_deployment", "assert_converges"})


def add_options(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("cdktf", "CDK for Terraform app (cdktf-harness)")
    group.addoption("--cdktf-app", metavar="DIR", help="folder of the app's cdktf.json (default: the root folder)")
    group.addoption(
        "--cdktf-providers",
        choices=("bundled", "registry"),
        help="Terraform providers: the harness's own (default), or the real ones from Terraform's registry",
    )
    group.addoption("--cdktf-keep", action="store_true", help="leave the deployment there and say how to reach it")
    group.addoption("--cdktf-reuse", action="store_true", help="begin with the deployment that --cdktf-keep left")
    group.addoption(
        "--cdktf-aws",
        metavar="ACCOUNT",
        help="run the tests of `deployment` that do not need the embedded cloud (marker `embedded`) on AWS, in this "
        "account, in a stage of their own",
    )


def app_folder(config: pytest.Config) -> Path:
    """Return the folder from which to search upwards for the app's cdktf.json."""
    chosen: str | None = config.getoption("cdktf_app")
    return config.invocation_params.dir / chosen if chosen else config.rootpath


def stash_kept(config: pytest.Config, deployment: Deployed) -> None:
    """Store how to reach a kept deployment, for the summary."""
    from cdktf_harness.pytest_plugin.kept import how_to_reach

    config.stash[KEPT] = how_to_reach(deployment)
