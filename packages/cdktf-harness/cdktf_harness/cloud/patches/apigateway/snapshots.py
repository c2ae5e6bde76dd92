"""API Gateway: a stage serves the snapshot of its deployment, for REST APIs and HTTP APIs.

ministack's stages serve the current definition of the API (services/apigateway_v1.py 2580-2664, services/apigateway.py
1355-1520), except for gateway responses (4507). On AWS, a change takes effect when it is deployed: a deployment copies
the definition, and a stage is moved to the deployment. Settings of stages, usage plans and API keys take effect at
once, and so does everything in a stage of an HTTP API with `autoDeploy`. WebSocket APIs and exports still have the
current definition.
https://docs.aws.amazon.com/apigateway/latest/developerguide/updating-api.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html

The snapshot is part of the deployment's record, which ministack persists and deletes; no answer shows it. A deployment
from an older version of the harness has none: its stages serve the current definition.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from ministack.core.responses import AccountRegionScopedDict, request_scope  # type: ignore[import-untyped]
from ministack.services import apigateway as http  # type: ignore[import-untyped]
from ministack.services import apigateway_v1 as rest

from cdktf_harness.cloud.replacing import replaces

_KEY = "snapshot"
# The id of the API that is being served, and the parts of its snapshot by the name of the store.
_served: ContextVar[tuple[str, Mapping[str, Any]] | None] = ContextVar("served", default=None)


class _Store(AccountRegionScopedDict):  # type: ignore[misc]
    """A store of ministack that reads an API from the snapshot while that is served."""

    __slots__ = ("name",)

    def get(self, key: Any, default: Any = None) -> Any:
        served = _served.get()
        return served[1].get(self.name, default) if served and served[0] == key else super().get(key, default)

    def get_scoped(self, account: str, region: str, key: Any, default: Any = None) -> Any:
        with request_scope(account, region):
            return self.get(key, default)


class _Service(NamedTuple):
    """A service of ministack: its stores, and the names of its functions."""

    module: Any
    copied: tuple[str, ...]
    deployments: Any
    stages: Any
    id: str
    respond: str
    # A function whose arguments are the id of an API and the name of a stage, after as many others.
    execute: tuple[str, int]
    # One whose first arguments they are; it is called before the API's account and region are set.
    authorization: str

    def install(self) -> None:
        """Copy the definition of an API when it is deployed; serve the copy."""
        for name in self.copied:
            store = _Store()
            store.name = name
            setattr(self.module, name, store)
        (execute, before), module = self.execute, self.module

        @replaces(module, "_create_deployment")
        def create(original: Any, api: str, data: dict[str, Any]) -> Any:
            answer = original(api, data)
            if answer[0] == 201:
                id_ = json.loads(answer[2])[self.id]
                parts = {name: getattr(module, name).get(api) for name in self.copied}
                self.deployments[api][id_][_KEY] = copy.deepcopy({k: v for k, v in parts.items() if v is not None})
                # ministack ignores the stage of an HTTP API's deployment.
                if stage := self.stages.get(api, {}).get(data.get("stageName")):
                    stage["deploymentId"] = id_
            return answer

        @replaces(module, execute)
        async def run(original: Any, *arguments: Any, **options: Any) -> Any:
            with self._serving(*arguments[before : before + 2]):
                return await original(*arguments, **options)

        @replaces(module, self.authorization)
        def authorize(original: Any, api: str, *more: Any) -> Any:
            if (scope := module.find_api_scope(api)) is None:
                return None
            with request_scope(*scope), self._serving(api, more[0]):
                return original(api, *more)

        @replaces(module, self.respond)
        def respond(original: Any, data: Any, status: int = 200) -> Any:
            return original(_shown(data), status)

    @contextmanager
    def _serving(self, api: str, stage: str) -> Iterator[None]:
        parts = self._snapshot(api, stage)
        token = _served.set(None if parts is None else (api, parts))
        try:
            yield
        finally:
            _served.reset(token)

    def _snapshot(self, api: str, stage: str) -> Mapping[str, Any] | None:
        """Return the parts of an API that a stage serves: none without a deployment; None for the current ones."""
        found = self.stages.get(api, {}).get(stage)
        if found is None or found.get("autoDeploy"):
            return None
        deployments = self.deployments.get(api, {})
        parts: Mapping[str, Any] | None = deployments.get(found.get("deploymentId"), {_KEY: {}}).get(_KEY)
        return parts


def _shown(answer: Any) -> Any:
    """Return an answer without the snapshots of its deployments."""
    if isinstance(answer, list):
        return [_shown(one) for one in answer]
    if not isinstance(answer, dict):
        return answer
    shown = {key: value for key, value in answer.items() if key != _KEY}
    return {**shown, **{key: _shown(shown[key]) for key in ("item", "items") if key in shown}}


_Service(
    rest,
    ("_rest_apis", "_resources", "_authorizers_v1", "_models", "_request_validators"),
    deployments=rest._deployments_v1,
    stages=rest._stages_v1,
    id="id",
    respond="_v1_response",
    execute=("_execute_in_scope", 1),
    authorization="method_authorization_type",
).install()
_Service(
    http,
    ("_apis", "_routes", "_integrations", "_authorizers"),
    deployments=http._deployments,
    stages=http._stages,
    id="deploymentId",
    respond="_apigw_response",
    execute=("_handle_execute_in_scope", 0),
    authorization="route_authorization_type",
).install()
