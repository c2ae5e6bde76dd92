"""The services of ministack 1.5 that this cloud serves.

Some services start containers with the machine's rights, run processes, read files or listen on ports for any caller:
Athena reads any file. They are not served, and neither are services that create any resource (CloudFormation). EC2,
ECS, EKS, RDS, ElastiCache, CloudFront and load balancers are served as records: no instance, task, node, cache or
database is a container, and nothing is forwarded. The modules of services that are not served cannot be imported, so
that no other service uses them.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from ministack import app as upstream  # type: ignore[import-untyped]
from ministack.core.iam_actions import access_denied_response  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import change_service, replaces
from cdktf_harness.cloud.served import SERVED
from cdktf_harness.system.errors import HarnessError

# Other services that a service imports; an empty tuple means all.
_NEEDS: dict[str, tuple[str, ...]] = {
    "documentdb": ("rds",),
    "ecs": ("ecs-metadata",),
    "iot-data": ("iot",),
    "iot-jobs-data": ("iot",),
    "cloudformation": (),
    "cloudcontrol": (),
}
# The services that are served as records: the operations that would start something, and are refused. ministack runs
# instances of registered images as containers (services/ec2.py 2102).
_STARTING = {
    "ec2": ("RegisterImage",),
    "ecs": ("RunTask", "StartTask", "ExecuteCommand"),
    "eks": (),
    "elasticache": (),
    "rds": (),
}
_PACKAGE = "ministack.services."
_ECS_TASK = "arn:aws:states:::ecs:runTask"


def refusal(service: str) -> str:
    """Return the message to the caller of a service that is not served."""
    return (
        f"the embedded cloud does not serve {service}, which may start containers or read files with this machine's "
        f'rights: allow it with `services = ["{service}"]` in [tool.cdktf-harness]'
    )


def install(allowed: Iterable[str]) -> None:
    """Serve only `SERVED` and `allowed`. Raises HarnessError if a name is not that of a service."""
    named = {upstream.SERVICE_NAME_ALIASES.get(name, name) for name in allowed}
    registry = upstream.SERVICE_REGISTRY
    if unknown := sorted(named - set(registry)):
        raise HarnessError(f"`services` in [tool.cdktf-harness]: there is no {unknown[0]!r}; {', '.join(registry)}")
    served = SERVED | named
    for service in set(registry) - served:
        upstream.SERVICE_HANDLERS[service] = partial(_refuse, service)
    modules = {name: {config["module"], *config.get("sub_modules", ())} for name, config in registry.items()}
    needed = served.union(*(_NEEDS[name] or registry for name in served & set(_NEEDS)))
    open_ = set().union(*(modules[name] for name in needed))
    closed = {module: name for name, names in modules.items() for module in names - open_}
    sys.meta_path.insert(0, _Closed(closed))
    for service in _STARTING.keys() - named:
        change_service(service, partial(_refuse_containers, service))
    if "ecs" not in named:
        change_service("stepfunctions", _refuse_tasks)
    if "elasticloadbalancing" not in named:
        upstream._handle_alb_request = _forward_nothing
    if "cloudfront" not in named:
        upstream._handle_cloudfront_dataplane_request = _forward_nothing
    _forget(set(closed) | set(closed.values()))

    @replaces(upstream, "_handle_health_request")
    def health(original: Any, path: str, request_id: str) -> Any:
        if found := original(path, request_id):
            status, headers, body = found
            said = {**json.loads(body), "services": dict.fromkeys(served, "available")}
            return status, headers, json.dumps(said).encode()
        return None


def _forget(closed: set[str]) -> None:
    """Prevent served parts of ministack from calling closed ones where they do not handle a refusal."""
    from ministack.core import router  # type: ignore[import-untyped]
    from ministack.services import tagging  # type: ignore[import-untyped]

    for service in closed & set(tagging._COLLECTORS):
        del tagging._COLLECTORS[service]
    if "opensearchserverless" in closed:
        # The host of its collections is looked at before that of an API.
        upstream._AOSS_COLLECTION_HOST_RE = re.compile("(?!)")
    if "documentdb" in closed:
        # The router asks DocumentDB whether a request that is signed for RDS is its own.
        router._documentdb_claims = lambda params: False


async def _refuse(service: str, method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
    return access_denied_response(
        service, "", "", "", error_code="AccessDenied", message=refusal(service), headers=headers
    )


class _Closed(MetaPathFinder):
    """Prevents imports of the modules of services that are not served; `services` maps modules to services."""

    def __init__(self, services: dict[str, str]) -> None:
        self._services = services

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return None, so that other finders continue. Raises ImportError if the module is closed."""
        if fullname.startswith(_PACKAGE):
            service = self._services.get(fullname.removeprefix(_PACKAGE).partition(".")[0])
            if service:
                raise ImportError(refusal(service))
        return None


def _refuse_tasks(module: Any) -> None:
    """Let Step Functions' task for ECS fail: without an engine, ministack (ecs.py 2640) records it as running."""

    def refuse(*_: Any) -> Any:
        raise module._ExecutionError("ECS.AccessDeniedException", _kept("ecs", "RunTask"))

    module._SERVICE_DISPATCH[_ECS_TASK] = refuse


def _refuse_containers(service: str, module: Any) -> None:
    """Refuse what starts something, and withhold the Docker engine, without which ministack keeps records."""

    def refuse(operation: str, *_: Any) -> Any:
        if service == "ec2":
            return module._error("UnauthorizedOperation", _kept(service, operation), 403)
        return module.error_response_json("AccessDeniedException", _kept(service, operation), 403)

    for operation in _STARTING[service]:
        module._ACTION_MAP[operation] = partial(refuse, operation)
    module._get_docker = lambda: None


def _kept(service: str, operation: str) -> str:
    return f'the embedded cloud keeps {service} as records: allow {operation} with `services = ["{service}"]`'


async def _forward_nothing(*_: Any, **__: Any) -> None:
    """Serve no data plane: a load balancer would send requests to any host."""
