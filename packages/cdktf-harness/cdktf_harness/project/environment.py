"""Compose the environment of child processes. No other module does."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from cdktf_harness.project.project import Project
from cdktf_harness.project.variables import TERRAFORM
from cdktf_harness.system import user_cache
from cdktf_harness.system.errors import HarnessError
from terraform_standins.serving.mirror import write_mirror
from terraform_standins.variables import FORK_SERVER, KEEP_PROVIDERS, TYPES, TYPES_FOLDER

PROVIDERS = ("auto", "bundled", "registry")
# Proxies are never for these: the embedded cloud, which a function's container knows by the last name, and the engine.
_LOOPBACK = ("localhost", "127.0.0.1", "::1", "host.docker.internal")
# The prefix of this package's own variables.
_OWN = "CDKTF_HARNESS_"
# Variables that can direct Terraform to a real account or a real state: credentials and settings of its backends
# (Terraform, "Backend Configuration", the environment variables of each type), and options of Terraform itself.
_ACCOUNT = (
    *("AWS_", "TF_TOKEN_", "TF_CLOUD_", "TF_HTTP_", "TFE_", "ARM_", "AZURE_", "GOOGLE_", "GCLOUD_", "CLOUDSDK_"),
    *("CONSUL_", "KUBE_", "ALICLOUD_", "ALIBABA_CLOUD_", "TENCENTCLOUD_", "OCI_"),
    *("TF_CLI_ARGS", "TF_WORKSPACE", "TF_DATA_DIR"),
)
_BIN = Path(sys.executable).parent


def providers(default: str) -> str:
    """Return which providers to use: the variable PROVIDERS, else `default`. Raises HarnessError if it is not known."""
    chosen = os.environ.get("PROVIDERS") or default
    if chosen not in PROVIDERS:
        raise HarnessError(f"PROVIDERS={chosen}: it must be {', '.join(PROVIDERS[:-1])} or {PROVIDERS[-1]}")
    return chosen


def forks(default: str) -> bool:
    """Return whether a deployment needs a process from which its providers are forked; `default` as for `providers`."""
    # A shell with the environment of a local deployment names that of its cloud, which may have ended.
    return providers(default) != "registry" and (FORK_SERVER not in os.environ or KEEP_PROVIDERS in os.environ)


def tools(providers: str, project: Project, folder: Path, own: Path | None = None) -> dict[str, str]:
    """Return the tools' variables for any target.

    `providers` is one of PROVIDERS; with `auto`, single stacks take `real_providers`. `folder` holds plug-ins and
    bundled providers; `own` (default: `folder`) the synthesized stacks of a stage.
    """
    if (temporary := os.environ.get("TMPDIR")) and not os.path.isdir(temporary):
        # Node and Terraform end with errors that name neither.
        raise HarnessError(f"{temporary} is not a directory: fix TMPDIR, or unset it")
    real = providers == "registry"
    env = {
        **path(),
        "VIRTUAL_ENV": str(_BIN.parent),
        # The `terraform` of this environment starts the program that the variable TERRAFORM names.
        "TERRAFORM_BINARY_NAME": str(_BIN / "terraform"),
        TERRAFORM: terraform(),
        # Without it the CLI reports a failed look-up of its update server as an error.
        "CHECKPOINT_DISABLE": "1",
        # The CLI reads its options from CDKTF_*: a folder of synthesized stacks for each way to deploy, since
        # provider locks and plug-in caches of different providers must not meet.
        "CDKTF_OUTPUT": str((own or folder) / ("cdktf.out.registry" if real else "cdktf.out.bundled")),
        "CDKTF_LOG_FILE_DIRECTORY": str(folder),
        **project.stage_variables,
        "TF_PLUGIN_CACHE_DIR": str(folder / "plugins.bundled"),
        # No provider locks: `terraform providers lock` asks Terraform's registry, whatever mirror is configured.
        # Without a lock, the cache is used only with the second variable.
        "CDKTF_SKIP_PROVIDER_LOCK": "true",
        "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "true",
        # Where Node keeps what it has compiled, which is a fifth of the start of CDKTF's command line.
        "NODE_COMPILE_CACHE": str(_BIN.parent / "node-compile-cache"),
        # Lambda takes a plain image manifest only.
        "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",
    }
    if not real:
        env["TF_CLI_CONFIG_FILE"] = str(write_mirror(folder / "mirror"))
        env[KEEP_PROVIDERS] = "1"
        # Explicit although empty: the environment may have those of another app.
        env[TYPES] = " ".join(project.types)
        env[TYPES_FOLDER] = str(project.root)
    else:
        env |= real_providers()
    for name in ("CDKTF_OUTPUT", "TF_PLUGIN_CACHE_DIR"):
        Path(env[name]).mkdir(mode=0o700, parents=True, exist_ok=True)
    return env


def real_providers() -> dict[str, str]:
    """Return the variables with which Terraform takes the real providers, as the user's configuration says."""
    own = inherited(hide_account=False)
    named = own.get("TF_CLI_CONFIG_FILE", "")
    file = Path(named or Path.home() / ".terraformrc")
    source = hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "registry"
    # They take 800 MB, so all deployments of a user share them; those of other mirrors may be others.
    plugins = Path(own.get("TF_PLUGIN_CACHE_DIR") or user_cache.folder() / "plugins" / source)
    plugins.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        # For commands in other shells, too. An empty variable is the same as none to Terraform.
        "TF_CLI_CONFIG_FILE": os.path.abspath(named) if named else "",
        "TF_PLUGIN_CACHE_DIR": str(plugins),
        # Without it, Terraform writes a cached provider again for each folder without a lock file, also while others
        # run it.
        "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1",
        KEEP_PROVIDERS: "",
    }


def local(*, region: str, endpoint: str, credentials: Mapping[str, str]) -> dict[str, str]:
    """Return the AWS variables of a deployment to the embedded cloud at `endpoint`; they hide any real account.

    `credentials` are the variables from which AWS clients read credentials."""
    return {
        **credentials,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def fill(
    templates: Mapping[str, str],
    *,
    build_args: Mapping[str, str] | None,
    cloud: str = "",
    credentials: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the app's own variables from pyproject.toml, with the placeholders replaced.

    Without `build_args`, omit the variables that use them: the app's settings or the user decide.
    """
    values = {
        "{cloud}": cloud,
        "{access_key}": credentials["AWS_ACCESS_KEY_ID"] if credentials else "",
        "{secret_key}": credentials["AWS_SECRET_ACCESS_KEY"] if credentials else "",
        "{build_args}": json.dumps(dict(build_args or {})),
    }
    filled = {}
    for name, text in templates.items():
        if build_args is None and "{build_args}" in text:
            continue
        for placeholder, value in values.items():
            text = text.replace(placeholder, value)
        filled[name] = text
    return filled


def path() -> dict[str, str]:
    """Return the PATH of this process, with the programs of this environment first."""
    return {"PATH": os.pathsep.join([str(_BIN), os.environ.get("PATH", "")])}


def past_proxies(given: str | None, other: str | None = None) -> str:
    """Return a value of `no_proxy` that adds the loopback to the `given` one, or else to the `other` spelling's."""
    value = given or other or ""
    entries = [entry.strip() for entry in value.split(",") if entry.strip()]
    return value if entries == ["*"] else ",".join([*entries, *(host for host in _LOOPBACK if host not in entries)])


def direct() -> dict[str, str]:
    """Return the variables that keep requests to the loopback from this process's proxies; none if it has no proxy.

    Clients read `no_proxy` in either spelling. Without a proxy in variables, Python on macOS uses the system's, but not
    if there is `no_proxy`.
    """
    if not any(name.lower().endswith("_proxy") and name.lower() != "no_proxy" for name in os.environ):
        return {}
    lower, upper = os.environ.get("no_proxy"), os.environ.get("NO_PROXY")
    return {"no_proxy": past_proxies(lower, upper), "NO_PROXY": past_proxies(upper, lower)}


def inherited(*, hide_account: bool) -> dict[str, str]:
    """Return this process's environment without the variables in `hidden`; Terraform asks for no input with it."""
    hide = hidden(hide_account=hide_account)
    # A question would wait for an answer that cannot be given: the programs have no terminal.
    return {**{name: value for name, value in os.environ.items() if name not in hide}, "TF_INPUT": "0"}


def hidden(*, hide_account: bool) -> set[str]:
    """Return the names of the variables of this process that a deployment must not inherit."""
    found = {name for name in os.environ if name.startswith(_OWN)} | {"PROVIDERS"}
    if os.environ.get(KEEP_PROVIDERS):
        # The bundled providers set it: this shell has the environment of a local deployment.
        found.add("TF_CLI_CONFIG_FILE")
    if hide_account:
        found |= {name for name in os.environ if name.startswith(_ACCOUNT)}
    return found


def terraform() -> str:
    """Return the program that TERRAFORM_BINARY_NAME names; empty for the Terraform of this environment.

    Raises HarnessError if no such program is found.
    """
    wanted = os.environ.get(TERRAFORM) or os.environ.get("TERRAFORM_BINARY_NAME")
    if not wanted:
        return ""
    found = shutil.which(wanted, path=path()["PATH"])
    if found is None:
        raise HarnessError(
            f"TERRAFORM_BINARY_NAME={wanted}: there is no such program; name one that is on the PATH, "
            "or unset it to use the Terraform of this environment"
        )
    own = _BIN / "terraform"
    return "" if own.exists() and own.samefile(found) else os.path.abspath(found)


def as_exports(env: Mapping[str, str]) -> str:
    """Return shell commands that set `env` and hide any real account."""
    unset = [f"unset {name}" for name in sorted(hidden(hide_account=True) - env.keys())]
    return "\n".join([*unset, *(f"export {name}={shlex.quote(value)}" for name, value in sorted(env.items()))])
