"""Everything that a deployment needs, looked at without changing anything: each finding with a one-line fix."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from cdktf_harness.cloud import Cloud, is_free
from cdktf_harness.deployment.aws.deployment import AwsDeployment, account
from cdktf_harness.deployment.aws.errors import explained
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.local import preflight
from cdktf_harness.docker.emulation import can_run
from cdktf_harness.docker.engine import Engine, find_engine
from cdktf_harness.project import environment
from cdktf_harness.system.errors import HarnessError

# The first engine whose BuildKit takes SOURCE_DATE_EPOCH for an image's configuration.
_REPRODUCIBLE = 23
# A call that reads, by the beginning of the resource types of a service: service, method, arguments.
_READS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "aws_api_gateway_": ("apigateway", "get_rest_apis", {"limit": 1}),
    "aws_cloudwatch_log_": ("logs", "describe_log_groups", {"limit": 1}),
    "aws_cloudwatch_metric_": ("cloudwatch", "describe_alarms", {"MaxRecords": 1}),
    "aws_dynamodb_": ("dynamodb", "list_tables", {"Limit": 1}),
    "aws_ecr_": ("ecr", "describe_repositories", {"maxResults": 1}),
    "aws_iam_": ("iam", "list_roles", {"MaxItems": 1}),
    "aws_lambda_": ("lambda", "list_functions", {"MaxItems": 1}),
    "aws_s3_": ("s3", "list_buckets", {}),
    "aws_sns_": ("sns", "list_topics", {}),
    "aws_sqs_": ("sqs", "list_queues", {"MaxResults": 1}),
}


@dataclass(frozen=True)
class Finding:
    """What was found; `fix` says what to do, empty if all is well. A `grave` one prevents a deployment."""

    name: str
    said: str
    fix: str = ""
    grave: bool = False

    def document(self) -> dict[str, Any]:
        """The finding as JSON."""
        return asdict(self)


def examine(deployment: Deployment) -> Iterator[Finding]:
    """Yield the findings for a deployment, the cheapest first."""
    yield _found("Python", platform.python_version)
    yield _found("Node", lambda: _version("node"), "run the set-up again: Node comes with it")
    yield _found("Terraform", lambda: _version(environment.terraform() or "terraform"), "run the set-up again")
    engine: Engine | None = None
    if deployment.project.architecture:
        try:
            engine = find_engine()
            yield from _engine(engine, deployment.project.architecture)
        except HarnessError as error:
            yield Finding("Docker engine", "none", str(error), grave=True)
    folder = deployment.folder if deployment.folder.exists() else deployment.project.root
    lines = list(preflight.warnings(preflight.Machine(deployment.project, folder, engine)))
    yield from (Finding("machine", "not enough", line) for line in lines)
    if not lines:
        yield Finding("machine", "disk and memory are enough for a deployment")
    if isinstance(deployment, AwsDeployment):
        yield from _aws(deployment)
    else:
        yield _port(Cloud(deployment.folder / "cloud"))


def _found(
    name: str, look: Callable[[], str], fix: str = "", failed: str = "not usable", grave: bool = True
) -> Finding:
    try:
        with explained():
            return Finding(name, look())
    except (OSError, subprocess.SubprocessError, HarnessError, ValueError, KeyError) as error:
        return Finding(name, failed, f"{fix} ({error})" if fix else str(error), grave)


def _version(program: str) -> str:
    path = environment.path()["PATH"]
    command = [shutil.which(program, path=path) or program, "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()[0]


def _engine(engine: Engine, architecture: str) -> Iterator[Finding]:
    version = str(engine.info["ServerVersion"])
    store = "containerd" if "io.containerd" in json.dumps(engine.info.get("DriverStatus")) else "classic"
    old = int(version.partition(".")[0]) < _REPRODUCIBLE
    advice = f"Docker {_REPRODUCIBLE} or newer: with this one, a digest also depends on the time of the build"
    yield Finding("Docker engine", f"{version}, {store} image store", advice if old else "")
    if can_run(engine, architecture):
        how = "native" if engine.architecture == architecture else "emulated"
        yield Finding("architecture", f"{architecture}, {how}")
    else:
        install = "docker run --privileged --rm tonistiigi/binfmt --install all"
        yield Finding(
            "architecture", f"{architecture} cannot run", f"install QEMU's user emulation: {install}", grave=True
        )


def _port(cloud: Cloud) -> Finding:
    if cloud.healthy:
        return Finding("embedded cloud", f"runs at {cloud.url}")
    port = cloud.port
    if not is_free(port):
        fix = "stop the program that has it, or take the deployment down and start it on another port"
        return Finding("embedded cloud", f"port {port} is taken", fix, grave=True)
    return Finding("embedded cloud", f"does not run; its port {port} is free" if port else "is not there yet")


def _aws(deployment: AwsDeployment) -> Iterator[Finding]:
    for name, look in (("credentials", _account), ("app", _synthesized)):
        yield (found := _found(name, partial(look, deployment)))
        if found.grave:
            return
    stacks = deployment.synthesis().values()
    types = {block.type for stack in stacks for block in stack.resources()}
    for beginning, (service, method, arguments) in _READS.items():
        if any(type_.startswith(beginning) for type_ in types):
            ask = partial(_may_read, deployment, service, method, arguments)
            yield _found(f"rights: {service}", ask, f"let this identity use {service}", "may not read")
    backends = (stack.document["terraform"].get("backend", {}) for stack in stacks)
    makes = f"{deployment.project.command('aws bootstrap')} makes it"
    for bucket in sorted({backend["s3"]["bucket"] for backend in backends if "s3" in backend}):
        yield _found("state", partial(_bucket, deployment, bucket), makes, f"no bucket {bucket}")
    if any(type_.startswith("aws_lambda_") for type_ in types):
        yield _quota(deployment)


def _account(deployment: AwsDeployment) -> str:
    return f"account {account(deployment.project, environment.providers('registry'))}"


def _synthesized(deployment: AwsDeployment) -> str:
    deployment.prepare()
    return f"synthesizes {', '.join(deployment.synthesize())}"


def _may_read(deployment: AwsDeployment, service: str, method: str, arguments: Mapping[str, Any]) -> str:
    getattr(deployment.client(service), method)(**arguments)
    return "may read"


def _bucket(deployment: AwsDeployment, bucket: str) -> str:
    deployment.client("s3").head_bucket(Bucket=bucket)
    return f"bucket {bucket}"


def _quota(deployment: AwsDeployment) -> Finding:
    free = 0

    def ask() -> str:
        nonlocal free
        limits = deployment.client("lambda").get_account_settings()["AccountLimit"]
        free = int(limits.get("UnreservedConcurrentExecutions", limits.get("ConcurrentExecutions", 0)))
        return f"{free} concurrent executions of functions"

    found = _found("quotas", ask, "let this identity call lambda:GetAccountSettings", "unknown", grave=False)
    # AWS keeps 100 for functions without reserved concurrency; new accounts begin with 10.
    low = "ask for a higher quota of concurrent executions (Service Quotas, AWS Lambda, L-B99A9384)"
    return found if found.fix or free >= 100 else replace(found, fix=low)
