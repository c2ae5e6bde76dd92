"""The options of the plugin."""

from __future__ import annotations

from pathlib import Path

import pytest

# How to reach the kept deployment, for the summary.
KEPT = pytest.StashKey[list[str]]()


def add_options(parser: pytest.Parser) -> None:
    """Declare the options of the plugin."""
    group = parser.getgroup("cdktf", "CDK for Terraform app (cdktf-harness)")
    group.addoption("--cdktf-app", metavar="DIR", help="folder of the app's cdktf.json; default: pytest's root folder")
    group.addoption(
        "--cdktf-providers",
        choices=("auto", "bundled", "registry"),
        help="Terraform providers: bundled, the real ones from Terraform's registry or the mirror of your Terraform "
        "configuration (registry), or those for stacks with a type that is not bundled (auto; default)",
    )
    group.addoption(
        "--cdktf-keep",
        action="store_true",
        help="keep `deployment`, use it again in the next run with this option, and print how to reach and remove it",
    )
    group.addoption(
        "--cdktf-skip",
        metavar="STAGE",
        action="append",
        default=[],
        help="skip this stage of the tests that have it (fixture `stages`); `deploy`: use the kept `deployment` as it "
        "is; `destroy`: the same as --cdktf-keep",
    )
    group.addoption(
        "--cdktf-coverage",
        action="store_true",
        help="report the resources and arguments that no test inspects in `synth`, plans and `deployment.resource`, "
        "as text and as HTML; snapshots do not count",
    )
    group.addoption(
        "--cdktf-aws",
        metavar="ACCOUNT",
        help="run the tests that use `deployment`, without those of the marker `embedded`, in a dedicated stage of "
        "this AWS account; destroy the stage at the end",
    )


def keeps(config: pytest.Config) -> bool:
    """Return whether to keep `deployment` and its cloud."""
    return bool(config.getoption("cdktf_keep") or {"deploy", "destroy"} & set(config.getoption("cdktf_skip")))


def app_folder(config: pytest.Config) -> Path:
    """Return the folder from which to search upwards for the app's cdktf.json."""
    chosen: str | None = config.getoption("cdktf_app")
    return config.invocation_params.dir / chosen if chosen else config.rootpath
