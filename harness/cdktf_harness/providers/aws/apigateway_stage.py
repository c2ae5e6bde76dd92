"""API Gateway: stages, and the settings of the methods in them."""

from __future__ import annotations

from typing import ClassVar

from ..protocol.values import Values
from ..resource import existing
from . import tags
from .apigateway import execution_arn
from .cloud import Aws
from .partitions import dns_suffix
from .patch import Patch
from .resource import AwsResource
from .shapes import first, given, parts


class Stage(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html ."""

    type_name = "aws_api_gateway_stage"
    label = "API Gateway Stage"
    service = "apigateway"
    tagging = tags.API_GATEWAY
    gone = ("NotFoundException",)
    arguments: ClassVar = {
        "rest_api_id",
        "stage_name",
        "deployment_id",
        "description",
        "documentation_version",
        "variables",
        "xray_tracing_enabled",
        "access_log_settings",
        "client_certificate_id",
    }

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the stage; some arguments only a patch can set."""
        request = given(
            description=planned["description"],
            documentationVersion=planned["documentation_version"],
            variables=planned["variables"],
            tracingEnabled=planned["xray_tracing_enabled"],
            tags=planned["tags_all"],
        )
        self.client(aws).create_stage(
            restApiId=planned["rest_api_id"],
            stageName=planned["stage_name"],
            deploymentId=planned["deployment_id"],
            **request,
        )
        nothing: Values = {"access_log_settings": [], "client_certificate_id": None}
        id_ = f"ags-{planned['rest_api_id']}-{planned['stage_name']}"
        with existing(id_):
            self._patch(aws, {**planned, **nothing}, planned)
        return {"id": id_}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the stage."""
        api, name = state["rest_api_id"], state["stage_name"]
        stage = self.client(aws).get_stage(restApiId=api, stageName=name)
        log = stage.get("accessLogSettings")
        return {
            "id": f"ags-{api}-{name}",
            "arn": f"arn:{aws.partition}:apigateway:{aws.region}::/restapis/{api}/stages/{name}",
            "execution_arn": execution_arn(aws, f"{api}/{name}"),
            "invoke_url": f"https://{api}.execute-api.{aws.region}.{dns_suffix(aws.region)}/{name}",
            "deployment_id": stage["deploymentId"],
            "description": stage.get("description"),
            "documentation_version": stage.get("documentationVersion"),
            "client_certificate_id": stage.get("clientCertificateId"),
            "variables": stage.get("variables"),
            "xray_tracing_enabled": stage.get("tracingEnabled"),
            "cache_cluster_enabled": stage.get("cacheClusterEnabled"),
            "cache_cluster_size": stage.get("cacheClusterSize") if stage.get("cacheClusterEnabled") else None,
            "web_acl_arn": stage.get("webAclArn"),
            "access_log_settings": [{"destination_arn": log.get("destinationArn"), "format": log.get("format")}]
            if log
            else [],
            "tags": stage.get("tags", {}),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Patch what differs."""
        self._patch(aws, prior, planned)

    def _patch(self, aws: Aws, prior: Values, planned: Values) -> None:
        patch = Patch(prior, planned)
        patch.replace("/deploymentId", "deployment_id")
        patch.replace("/description", "description")
        patch.replace("/documentationVersion", "documentation_version")
        patch.replace("/clientCertificateId", "client_certificate_id")
        patch.replace("/tracingEnabled", "xray_tracing_enabled")
        patch.entries("/variables", "variables")
        log = Patch(first(prior["access_log_settings"]), first(planned["access_log_settings"]))
        log.replace("/accessLogSettings/destinationArn", "destination_arn")
        log.replace("/accessLogSettings/format", "format")
        if prior["access_log_settings"] and not planned["access_log_settings"]:
            log.operations = [{"op": "remove", "path": "/accessLogSettings"}]
        if operations := patch.operations + log.operations:
            self.client(aws).update_stage(
                restApiId=planned["rest_api_id"], stageName=planned["stage_name"], patchOperations=operations
            )

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the stage."""
        self.client(aws).delete_stage(restApiId=state["rest_api_id"], stageName=state["stage_name"])

    def from_import_id(self, import_id: str) -> Values:
        """`API/STAGE`."""
        values = parts(import_id, "REST-API-ID/STAGE-NAME", "rest_api_id", "stage_name")
        return {**values, "id": "-".join(("ags", *values.values()))}

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """With the stage's name."""
        return super().explain(error, doing, {"name": values["stage_name"]})


class MethodSettings(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html ."""

    type_name = "aws_api_gateway_method_settings"
    label = "API Gateway Method Settings"
    service = "apigateway"
    gone = ("NotFoundException",)
    arguments: ClassVar = {"rest_api_id", "stage_name", "method_path", "settings"}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Set them: they are a part of the stage."""
        self._patch(aws, {}, planned)
        return {"id": _settings_id(planned)}

    def _patch(self, aws: Aws, before: Values, planned: Values) -> None:
        patch = Patch(before, first(planned["settings"]))
        for name, (_, path) in _SETTINGS.items():
            patch.replace(f"/{planned['method_path']}/{path}", name)
        self._update_stage(aws, planned, patch.operations)

    def _update_stage(self, aws: Aws, values: Values, operations: list[dict[str, str]]) -> None:
        self.client(aws).update_stage(
            restApiId=values["rest_api_id"], stageName=values["stage_name"], patchOperations=operations
        )

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Get the stage and pick them out."""
        stage = self.client(aws).get_stage(restApiId=state["rest_api_id"], stageName=state["stage_name"])
        settings = stage.get("methodSettings", {}).get(state["method_path"])
        if settings is None:
            return None
        return {"settings": [{name: settings.get(key) for name, (key, _) in _SETTINGS.items()}]}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Patch what differs."""
        self._patch(aws, first(prior["settings"]), planned)

    def remove(self, aws: Aws, state: Values) -> None:
        """Go back to what holds without them."""
        try:
            self._update_stage(aws, state, [{"op": "remove", "path": f"/{state['method_path']}"}])
        except Exception as error:
            if "no method setting for this method" not in str(error):
                raise

    def from_import_id(self, import_id: str) -> Values:
        """`API/STAGE/METHOD_PATH`."""
        values = parts(import_id, "REST-API-ID/STAGE-NAME/METHOD-PATH", "rest_api_id", "stage_name", "method_path")
        return {**values, "id": _settings_id(values)}


_SETTINGS = {
    "metrics_enabled": ("metricsEnabled", "metrics/enabled"),
    "logging_level": ("loggingLevel", "logging/loglevel"),
    "data_trace_enabled": ("dataTraceEnabled", "logging/dataTrace"),
    "throttling_burst_limit": ("throttlingBurstLimit", "throttling/burstLimit"),
    "throttling_rate_limit": ("throttlingRateLimit", "throttling/rateLimit"),
    "caching_enabled": ("cachingEnabled", "caching/enabled"),
    "cache_ttl_in_seconds": ("cacheTtlInSeconds", "caching/ttlInSeconds"),
    "cache_data_encrypted": ("cacheDataEncrypted", "caching/dataEncrypted"),
    "require_authorization_for_cache_control": (
        "requireAuthorizationForCacheControl",
        "caching/requireAuthorizationForCacheControl",
    ),
    "unauthorized_cache_control_header_strategy": (
        "unauthorizedCacheControlHeaderStrategy",
        "caching/unauthorizedCacheControlHeaderStrategy",
    ),
}
"""Argument -> its name in an answer, and its path in a patch."""


def _settings_id(values: Values) -> str:
    return "-".join((values["rest_api_id"], values["stage_name"], values["method_path"]))


TYPES = (Stage, MethodSettings)
