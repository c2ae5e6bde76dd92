"""Everything that a child process gets in its environment, composed here and nowhere else."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from cdktf_harness.errors import HarnessError
from cdktf_harness.project import Project
from cdktf_harness.providers.mirror import write_mirror
from cdktf_harness.providers.own_types import TYPES, TYPES_FOLDER
from cdktf_harness.terraform import KEEP_PROVIDERS

PROVIDERS = ("bundled", "registry")
# Any would do: the embedded cloud checks none, and no real account has these.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


def providers(default: str) -> str:
    """Which Terraform providers to use, by the variable PROVIDERS. Raises HarnessError."""
    chosen = os.environ.get("PROVIDERS") or default
    if chosen not in PROVIDERS:
        raise HarnessError(f"PROVIDERS={chosen}: allowed are {' and '.join(PROVIDERS)}")
    return chosen


def tools(providers: str, project: Project, folder: Path) -> dict[str, str]:
    """What the tools need wherever they deploy to; `folder` gets the stacks, plug-ins and bundled providers."""
    bin_ = Path(sys.executable).parent
    engine = os.environ.get("TERRAFORM_BINARY_NAME") or str(bin_ / "terraform")
    env = {
        "PATH": f"{bin_}{os.pathsep}{os.environ.get('PATH', '')}",
        "VIRTUAL_ENV": str(bin_.parent),
        "TERRAFORM_BINARY_NAME": engine,
        # Without it the CLI reports a failed look-up of its update server as an error.
        "CHECKPOINT_DISABLE": "1",
        # The CLI reads its options from CDKTF_*: a folder of synthesized stacks for each way to deploy, since
        # provider locks and plug-in caches of different providers must not meet.
        "CDKTF_OUTPUT": str(folder / f"cdktf.out.{providers}"),
        "CDKTF_LOG_FILE_DIRECTORY": str(folder),
        "TF_PLUGIN_CACHE_DIR": str(folder / f"plugins.{providers}"),
        # Where Node keeps what it has compiled, which is a fifth of the start of CDKTF's command line.
        "NODE_COMPILE_CACHE": str(bin_.parent / "node-compile-cache"),
        # Lambda takes a plain image manifest only.
        "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",
    }
    Path(env["TF_PLUGIN_CACHE_DIR"]).mkdir(parents=True, exist_ok=True)
    if providers == "bundled":
        # `terraform providers lock` ignores mirrors and would ask Terraform's registry.
        env["CDKTF_SKIP_PROVIDER_LOCK"] = "true"
        env["TF_CLI_CONFIG_FILE"] = str(write_mirror(folder / "mirror"))
        env[KEEP_PROVIDERS] = "1"
        # Said also when there are none: those of another app may be in the environment already.
        env[TYPES] = " ".join(project.types)
        env[TYPES_FOLDER] = str(project.root)
    return env


def local(*, region: str, endpoint: str) -> dict[str, str]:
    """The AWS side of a deployment to the embedded cloud at `endpoint`; hides any real account."""
    return {
        **CREDENTIALS,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def fill(
    templates: Mapping[str, str], *, cloud: str, state: Path, build_args: Mapping[str, str] | None
) -> dict[str, str]:
    """The app's own variables from pyproject.toml, with the placeholders replaced.

    Without `build_args`, variables that would hold them are left to the app's settings and to the user.
    """
    values = {"{cloud}": cloud, "{state}": str(state), "{build_args}": json.dumps(dict(build_args or {}))}
    filled = {}
    for name, text in templates.items():
        if build_args is None and "{build_args}" in text:
            continue
        for placeholder, value in values.items():
            text = text.replace(placeholder, value)
        filled[name] = text
    return filled


def inherited(*, hide_account: bool) -> dict[str, str]:
    """This process's environment without what would lead a deployment astray."""
    hidden = {"PROVIDERS", "TF_CLI_CONFIG_FILE"} if hide_account else {"PROVIDERS"}
    return {
        name: value
        for name, value in os.environ.items()
        if name not in hidden and not (hide_account and name.startswith("AWS_"))
    }


def as_exports(env: Mapping[str, str]) -> str:
    """`env` as lines that a shell evaluates."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in sorted(env.items()))
