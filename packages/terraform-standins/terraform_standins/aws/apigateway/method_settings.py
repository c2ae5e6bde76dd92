"""API Gateway: the settings of the methods in a stage."""

from __future__ import annotations

from ...protocol.values import Values
from ..cloud import Aws
from ..messages import or_none
from ..model import first, from_aws
from .patch import Operation, Patch, PatchedResource

_PATHS = {
    "metrics_enabled": "metrics/enabled",
    "logging_level": "logging/loglevel",
    "data_trace_enabled": "logging/dataTrace",
    "throttling_burst_limit": "throttling/burstLimit",
    "throttling_rate_limit": "throttling/rateLimit",
    "caching_enabled": "caching/enabled",
    "cache_ttl_in_seconds": "caching/ttlInSeconds",
    "cache_data_encrypted": "caching/dataEncrypted",
    "require_authorization_for_cache_control": "caching/requireAuthorizationForCacheControl",
    "unauthorized_cache_control_header_strategy": "caching/unauthorizedCacheControlHeaderStrategy",
}
"""Argument -> its path in a patch."""


class MethodSettings(PatchedResource):
    """The settings of methods, which AWS stores in the stage.

    https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html
    """

    type_name = "aws_api_gateway_method_settings"
    label = "API Gateway Method Settings"
    import_form = ("REST-API-ID/STAGE-NAME/METHOD-PATH", "rest_api_id", "stage_name", "method_path")

    def id_of(self, values: Values) -> str:
        return "-".join((values["rest_api_id"], values["stage_name"], values["method_path"]))

    def create(self, aws: Aws, planned: Values) -> Values:
        self.update(aws, {"settings": []}, planned)
        return {"id": self.id_of(planned)}

    def read(self, aws: Aws, state: Values) -> Values | None:
        stage = self.call(aws, "get_stage", state)
        settings = stage.get("methodSettings", {}).get(state["method_path"])
        if settings is None:
            return None
        block = self.schema.block.blocks["settings"].block
        return {"settings": [from_aws(block, self.shape(aws, "MethodSetting"), settings, {})]}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        patch = Patch(first(prior["settings"]), first(planned["settings"]), f"/{planned['method_path']}")
        for name, path in _PATHS.items():
            patch.replace(path, name)
        self._patch(aws, planned, patch.operations)

    def _patch(self, aws: Aws, values: Values, operations: list[Operation]) -> None:
        self.call(aws, "update_stage", values, patchOperations=operations)

    def remove(self, aws: Aws, state: Values) -> None:
        operation = {"op": "remove", "path": f"/{state['method_path']}"}
        or_none(lambda: self._patch(aws, state, [operation]), saying="no method setting for this method")


TYPES = (MethodSettings,)
