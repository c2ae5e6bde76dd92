"""Diagnoses of everything that a deployment needs, without a change: each with a fix of one line."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from cdktf_harness.cloud import Cloud, is_free
from cdktf_harness.deployment.aws.deployment import AwsDeployment, account
from cdktf_harness.deployment.aws.errors import one_line_errors
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.local import preflight
from cdktf_harness.deployment.local.deployment import check_app
from cdktf_harness.docker.emulation import INSTALL_QEMU, can_run
from cdktf_harness.docker.engine import Engine, find_engine
from cdktf_harness.operations import secrets
from cdktf_harness.project import environment
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.progress import Steps

# The first engine whose BuildKit applies SOURCE_DATE_EPOCH to an image's configuration.
_REPRODUCIBLE = 23


@dataclass(frozen=True)
class Diagnosis:
    """The result for one part; `fix` is empty if it is usable. A `fatal` one prevents a deployment."""

    name: str
    result: str
    fix: str = ""
    fatal: bool = False


def diagnose(deployment: Deployment) -> Iterator[Diagnosis]:
    """Yield the diagnoses of a deployment, the fastest first."""
    yield _tried("Python", platform.python_version)
    yield _tried("Node", lambda: _version("node"), "run the set-up again, which installs Node")
    terraform = _tried("Terraform", lambda: _version(environment.terraform() or "terraform"), "run the set-up again")
    yield terraform
    engine: Engine | None = None
    if deployment.project.architecture:
        try:
            engine = find_engine()
            yield from _engine(engine, deployment.project.architecture)
        except HarnessError as error:
            yield Diagnosis("Docker engine", "none", str(error), fatal=True)
    folder = deployment.folder if deployment.folder.exists() else deployment.project.root
    warnings = list(preflight.warnings(deployment.project, folder, engine))
    yield from (Diagnosis("machine", "not enough", line) for line in warnings)
    if not warnings:
        yield Diagnosis("machine", "enough disk and memory for a deployment")
    if isinstance(deployment, AwsDeployment):
        yield from _aws(deployment)
    else:
        if not terraform.fatal:
            yield _tried("app", lambda: check_app(deployment.project, Steps(quiet=True)))
        yield _port(Cloud(deployment.folder / "cloud"))
        with suppress(HarnessError):
            deployment.prepare()
            yield from _secrets(deployment, "secret")


def _tried(name: str, ask: Callable[[], str], fix: str = "", failure: str = "not usable") -> Diagnosis:
    try:
        with one_line_errors():
            return Diagnosis(name, ask())
    except (OSError, subprocess.SubprocessError, HarnessError) as error:
        return Diagnosis(name, failure, f"{fix} ({error})" if fix else str(error), fatal=True)


def _version(program: str) -> str:
    command = [shutil.which(program, path=environment.path()["PATH"]) or program, "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()[0]


def _engine(engine: Engine, architecture: str) -> Iterator[Diagnosis]:
    version = str(engine.info["ServerVersion"])
    store = "containerd" if "io.containerd" in json.dumps(engine.info.get("DriverStatus")) else "classic"
    old = int(version.partition(".")[0]) < _REPRODUCIBLE
    advice = f"use Docker {_REPRODUCIBLE} or newer: with this one, a digest also depends on the time of the build"
    yield Diagnosis("Docker engine", f"{version}, {store} image store", advice if old else "")
    if can_run(engine, architecture):
        how = "native" if engine.architecture == architecture else "emulated"
        yield Diagnosis("architecture", f"{architecture}, {how}")
    else:
        yield Diagnosis("architecture", f"{architecture} cannot run", INSTALL_QEMU, fatal=True)


def _port(cloud: Cloud) -> Diagnosis:
    if cloud.healthy:
        return Diagnosis("embedded cloud", f"runs at {cloud.url}")
    if not is_free(cloud.port):
        fix = "stop the program that uses it, or remove the deployment and start it on another port"
        return Diagnosis("embedded cloud", f"port {cloud.port} is taken", fix, fatal=True)
    return Diagnosis("embedded cloud", f"stopped; its port {cloud.port} is free" if cloud.port else "not created yet")


def _aws(deployment: AwsDeployment) -> Iterator[Diagnosis]:
    for name, ask in (("credentials", _account), ("app", _synthesized)):
        yield (found := _tried(name, partial(ask, deployment)))
        if found.fatal:
            return
    stacks = deployment.synthesis().values()
    backends = (stack.document["terraform"].get("backend", {}) for stack in stacks)
    fix = f"create it: {deployment.project.command('aws bootstrap')}"
    for bucket in sorted({backend["s3"]["bucket"] for backend in backends if "s3" in backend}):
        yield _tried("state", partial(_bucket, deployment, bucket), fix, f"no bucket {bucket}")
    yield from _secrets(deployment, "aws secret")


def _secrets(deployment: Deployment, command: str) -> Iterator[Diagnosis]:
    """Yield what has no value; nothing if it cannot be asked, since nothing is deployed."""
    with suppress(HarnessError, OSError), one_line_errors():
        for name in secrets.without_value(deployment):
            fix = deployment.project.command(f"{command} {name}")
            yield Diagnosis("secret", f"{name} has no value", f"set it: {fix}")


def _account(deployment: AwsDeployment) -> str:
    return f"account {account(deployment.project)}"


def _synthesized(deployment: AwsDeployment) -> str:
    deployment.prepare()
    return f"synthesizes {', '.join(deployment.synthesize())}"


def _bucket(deployment: AwsDeployment, bucket: str) -> str:
    deployment.client("s3").head_bucket(Bucket=bucket)
    return f"bucket {bucket}"
