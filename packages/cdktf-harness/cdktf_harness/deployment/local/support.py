"""Whether the embedded cloud can deploy an app's stacks, before anything starts."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from cdktf_harness.cloud import SERVED
from cdktf_harness.project import environment
from cdktf_harness.project.project import Project
from cdktf_harness.synthesis.stacks import Block, Stack
from terraform_standins.aws.out_of_reach import is_out_of_reach

_REGISTRY = "registry.terraform.io"
_ADVICE = {
    "offline": f"not bundled, and {_REGISTRY} does not answer; connect to the network, name a mirror in "
    "TF_CLI_CONFIG_FILE, or write the type (docs/adding-a-type.md)",
    "real": "not bundled; take the real provider with --providers auto, or write the type (docs/adding-a-type.md)",
    "written": "not bundled, and the real provider does not reach S3 here; write the type (docs/adding-a-type.md)",
    "cloud": "the embedded cloud does not have {service}; leave it out with --supported-only",
}
_RECORDS = (
    *("aws_autoscaling_group", "aws_db_instance", "aws_ecs_service", "aws_eks_cluster", "aws_elasticache_cluster"),
    *("aws_elasticache_replication_group", "aws_instance", "aws_lb", "aws_rds_cluster"),
)
"""Types that the embedded cloud only keeps records of."""
_SERVED_AS = {
    "apigatewayv2": "apigateway",
    "cloudwatch": "monitoring",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "sesv2": "ses",
}
"""botocore's name of a service -> the embedded cloud's, where they differ."""
_NAMED = {
    "appautoscaling": "application-autoscaling",
    "dx": "directconnect",
    "elasticsearch": "es",
    "msk": "kafka",
    "mskconnect": "kafkaconnect",
    "prometheus": "amp",
}
"""What a type's name begins with -> botocore's name of the service, where they differ in more than hyphens."""
_REACHED_SECONDS = 1.0
_LOCAL_SOURCE = ("./", "../", "/")
_TYPE_NAME = re.compile(r'^\s+type_name\b[^=\n]*=\s*"(\w+)"', re.MULTILINE)


@dataclass
class Support:
    """What of an app's stacks can be deployed: `lacking` are the other blocks, each with the key of its advice."""

    total: int = 0
    lacking: list[tuple[Block, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Lines about modules, providers and variables."""
    real: dict[str, list[str]] = field(default_factory=dict)
    """The types for which a stack takes the real providers, by stack."""
    records: list[Block] = field(default_factory=list)
    """The resources behind which nothing runs."""

    def lines(self) -> Iterator[str]:
        """Yield a line per lacking type, per problem, and a last one that sums them up."""
        by_type: dict[tuple[str, str], list[Block]] = {}
        for block, advice in self.lacking:
            by_type.setdefault((block.type, advice), []).append(block)
        for (type_, advice), blocks in sorted(by_type.items()):
            more = f", and {len(blocks) - 1} more" if blocks[1:] else ""
            yield f"{type_} ({blocks[0].made}{more}): {_ADVICE[advice].format(service=_service(type_))}"
        yield from self.problems
        if self.lacking:
            types = ", ".join(dict.fromkeys(block.type for block, _ in self.lacking))
            yield (
                f"{self.total - len(self.lacking)} of {self.total} resources can be deployed here, not {types}; "
                "see above, or deploy the others with --supported-only"
            )


def examine(stacks: Iterable[Stack], project: Project, env: Mapping[str, str], *, auto: bool) -> Support:
    """Examine the stacks. `auto`: a stack with a type that is not bundled takes the real providers.

    It takes up to a second if a registry does not answer.
    """
    # Late: the protocol of providers is a quarter of the time in which a command starts.
    from terraform_standins.serving.bundled import PROVIDERS, bundled

    found, types = Support(), bundled() | _own_types(project)
    hosts: dict[str, list[str]] = {}
    needing: list[tuple[Stack, Block]] = []
    for stack in stacks:
        found.total += len(stack.paths)
        found.records += [block for block in stack.resources() if block.type in _RECORDS]
        blocks = [("resource", block) for block in stack.resources()]
        for kind, block in (*blocks, *(("data", block) for block in stack.data_sources())):
            if block.type.startswith("terraform_") or f"{kind}.{block.type}" in types:
                continue
            service = _service(block.type)
            if service and service not in {*SERVED, *project.services}:
                found.lacking.append((block, "cloud"))
            elif is_out_of_reach(block.type):
                found.lacking.append((block, "written"))
            elif not auto and block.type.partition("_")[0] in PROVIDERS:
                found.lacking.append((block, "real"))
            else:
                needing.append((stack, block))
        for name, module in stack.document.get("module", {}).items():
            if not str(module.get("source", "")).startswith(_LOCAL_SOURCE):
                path = module.get("//", {}).get("metadata", {}).get("path", name)
                host = _host(str(module.get("source", "")))
                hosts.setdefault(host, []).append(f"the module {path} from {module.get('source')}")
        for name, variable in stack.document.get("variable", {}).items():
            if "default" not in variable and f"TF_VAR_{name}" not in env:
                found.problems.append(f"the variable {name} of stack {stack.name} has no value; set TF_VAR_{name}")
    silent = set() if _may_be_elsewhere() else _silent({*hosts, *([_REGISTRY] if needing else [])})
    for host in silent & hosts.keys():
        what = f"{hosts[host][0]}{f', and {len(hosts[host]) - 1} more' if hosts[host][1:] else ''}"
        found.problems.append(
            f"{what}: {host} does not answer; connect to the network, or copy the module into the app"
        )
    for stack, block in needing:
        if _REGISTRY in silent:
            found.lacking.append((block, "offline"))
        elif block.type.partition("_")[0] in PROVIDERS:
            found.real.setdefault(stack.name, []).append(block.type)
    return found


def _service(type_: str) -> str:
    """Return the AWS service that the first one or two words of a type's name are in botocore; "" if it has none."""
    words = type_.removeprefix("aws_").split("_")
    found = (_services().get(name) or _NAMED.get(name) for name in ("".join(words[:2]), words[0]))
    name = next(filter(None, found), "") if type_.startswith("aws_") else ""
    return _SERVED_AS.get(name, name)


@cache
def _services() -> Mapping[str, str]:
    """Return botocore's names of services by themselves without hyphens."""
    spec = find_spec("botocore")
    folders = (Path(str(spec and spec.origin)).parent / "data").iterdir()
    return {path.name.replace("-", ""): path.name for path in folders}


def _own_types(project: Project) -> set[str]:
    """Return the types that the app adds; their modules are read, not imported, since that takes long."""
    files = [project.root / f"{module.replace('.', '/')}.py" for module in project.types]
    names = [name for file in files if file.is_file() for name in _TYPE_NAME.findall(file.read_text())]
    return {f"{kind}.{name}" for kind in ("resource", "data") for name in names}


def _host(source: str) -> str:
    """Return the host of a module's source (Terraform, "Module Sources")."""
    plain = re.sub(r"^git@([^:]+):", r"ssh://git@\1/", source.removeprefix("git::"))
    if match := re.match(r"\w+://(?:[^@/]*@)?([\w.-]+)", plain):
        return match[1]
    first = plain.partition("/")[0]
    return first if "." in first else _REGISTRY


def _may_be_elsewhere() -> bool:
    """Whether a proxy or a mirror may serve providers and modules, which only Terraform can tell."""
    proxied = any(name.lower() in ("https_proxy", "all_proxy") for name in os.environ)
    named = environment.inherited(hide_account=True).get("TF_CLI_CONFIG_FILE")
    return proxied or (Path(named) if named else Path.home() / ".terraformrc").is_file()


def _silent(hosts: Collection[str]) -> set[str]:
    """Return those of the hosts that do not answer."""

    def is_silent(host: str) -> bool:
        try:
            socket.create_connection((host, 443), _REACHED_SECONDS).close()
        except OSError:
            return True
        return False

    with ThreadPoolExecutor(len(hosts) or 1) as pool:
        return {host for host, silent in zip(hosts, pool.map(is_silent, hosts), strict=True) if silent}
