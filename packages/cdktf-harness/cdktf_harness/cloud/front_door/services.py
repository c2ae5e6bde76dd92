"""Which services of ministack 1.5 this cloud serves.

Some start containers with the machine's rights, run processes, read files or listen on ports, for whoever calls them:
ECS mounts any folder, Athena reads any file. They are left out, and so is what creates any resource on demand
(CloudFormation). What is not served cannot be imported either, so that no served service reaches it in a detour.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from ministack import app as upstream  # type: ignore[import-untyped]
from ministack.core.iam_actions import access_denied_response  # type: ignore[import-untyped]

from cdktf_harness.project.errors import HarnessError

# Each keeps its resources in memory and starts nothing, but for the containers of functions.
SERVED = frozenset(
    """
    account acm apigateway appconfig appconfigdata cognito-identity cognito-idp dynamodb dynamodbstreams ecr events
    firehose iam kinesis kms lambda logs monitoring organizations resource-groups route53 s3 scheduler secretsmanager
    servicediscovery ses signer sns sqs ssm states sts tagging wafv2
    """.split()  # noqa: SIM905
)
# What else a service imports: all, where none is named.
_NEEDS: dict[str, tuple[str, ...]] = {
    "documentdb": ("rds",),
    "ecs": ("ecs-metadata",),
    "iot-data": ("iot",),
    "iot-jobs-data": ("iot",),
    "cloudformation": (),
    "cloudcontrol": (),
}
_PACKAGE = "ministack.services."
Handler = Callable[..., Awaitable[tuple[int, dict[str, str], bytes]]]


def refusal(service: str) -> str:
    """What the caller of a service that is not served is told."""
    return (
        f"the embedded cloud does not serve {service}, which may start containers or read files with this machine's "
        f'rights: allow it with `services = ["{service}"]` in [tool.cdktf-harness]'
    )


def install(allowed: Iterable[str]) -> None:
    """Serve those of `SERVED` and `allowed`, and no others. Raises HarnessError for a name that is none."""
    named = {upstream.SERVICE_NAME_ALIASES.get(name, name) for name in allowed}
    registry = upstream.SERVICE_REGISTRY
    if unknown := sorted(named - set(registry)):
        raise HarnessError(f"`services` in [tool.cdktf-harness]: there is no {unknown[0]!r}; {', '.join(registry)}")
    served = SERVED | named
    for service in set(registry) - served:
        upstream.SERVICE_HANDLERS[service] = _refusing(service)
    modules = {name: _modules(config) for name, config in registry.items()}
    needed = served.union(*(_NEEDS[name] or registry for name in served & set(_NEEDS)))
    open_ = set().union(*(modules[name] for name in needed))
    closed = {module: name for name, names in modules.items() for module in names - open_}
    sys.meta_path.insert(0, _Closed(closed))
    _forget(set(closed) | set(closed.values()))


def _forget(closed: set[str]) -> None:
    """Keep served parts of ministack from asking those that are not, where they would not expect a refusal."""
    from ministack.core import router  # type: ignore[import-untyped]
    from ministack.services import tagging  # type: ignore[import-untyped]

    for service in closed & set(tagging._COLLECTORS):
        del tagging._COLLECTORS[service]
    if "documentdb" in closed:
        # It asks whether a request that is signed for RDS is one of DocumentDB's.
        router._documentdb_claims = lambda params: False


def _modules(config: dict[str, Any]) -> set[str]:
    return {config["module"], *config.get("sub_modules", ())}


def _refusing(service: str) -> Handler:
    async def refuse(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> tuple[int, dict[str, str], bytes]:
        answer: tuple[int, dict[str, str], bytes] = access_denied_response(
            service, "", "", "", error_code="AccessDenied", message=refusal(service), headers=headers
        )
        return answer

    return refuse


class _Closed(MetaPathFinder):
    """Lets no module be imported that belongs to a service that is not served; `services` has the service by module."""

    def __init__(self, services: dict[str, str]) -> None:
        self._services = services

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing, so that others look for it, or an ImportError."""
        if fullname.startswith(_PACKAGE):
            service = self._services.get(fullname.removeprefix(_PACKAGE).partition(".")[0])
            if service:
                raise ImportError(refusal(service))
        return None
