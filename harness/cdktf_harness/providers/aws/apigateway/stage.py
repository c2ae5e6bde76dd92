"""API Gateway: stages."""

from __future__ import annotations

from typing import Any, ClassVar

from ...protocol.values import Values
from ...resource import existing
from .. import tags
from ..cloud import Aws
from ..model import first, given
from ..names import parts
from ..partitions import dns_suffix
from ..resource import AwsResource
from ..waiting import poll
from .patch import Patch
from .rest_api import execution_arn

_CACHE_SECONDS = 1800


class Stage(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html ."""

    type_name = "aws_api_gateway_stage"
    label = "API Gateway Stage"
    service = "apigateway"
    tagging = tags.Tagging()
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
        "cache_cluster_enabled",
        "cache_cluster_size",
        "canary_settings",
    }

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the stage; some arguments only a patch can set."""
        request = given(
            description=planned["description"],
            documentationVersion=planned["documentation_version"],
            variables=planned["variables"],
            tracingEnabled=planned["xray_tracing_enabled"],
            cacheClusterEnabled=planned["cache_cluster_enabled"],
            cacheClusterSize=planned["cache_cluster_size"],
            canarySettings=_canary(planned),
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
            self._wait_for_cache(aws, planned)
        return {"id": id_}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the stage."""
        api, name = state["rest_api_id"], state["stage_name"]
        stage = self.client(aws).get_stage(restApiId=api, stageName=name)
        log = stage.get("accessLogSettings")
        return {
            "id": f"ags-{api}-{name}",
            "arn": _arn(aws, state),
            "execution_arn": execution_arn(aws, f"{api}/{name}"),
            "invoke_url": f"https://{api}.execute-api.{aws.region}.{dns_suffix(aws.region)}/{name}",
            "deployment_id": stage["deploymentId"],
            "description": stage.get("description"),
            "documentation_version": stage.get("documentationVersion"),
            "client_certificate_id": stage.get("clientCertificateId"),
            "variables": stage.get("variables"),
            "xray_tracing_enabled": stage.get("tracingEnabled"),
            "cache_cluster_enabled": stage.get("cacheClusterEnabled"),
            "cache_cluster_size": stage.get("cacheClusterSize")
            if stage.get("cacheClusterEnabled")
            else state.get("cache_cluster_size"),
            "web_acl_arn": stage.get("webAclArn"),
            "access_log_settings": [{"destination_arn": log.get("destinationArn"), "format": log.get("format")}]
            if log is not None
            else [],
            "canary_settings": _canary_block(stage.get("canarySettings")),
            "tags": stage.get("tags"),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Patch what differs."""
        self._patch(aws, prior, planned)
        self._wait_for_cache(aws, planned)

    def _wait_for_cache(self, aws: Aws, planned: Values) -> None:
        if not planned["cache_cluster_enabled"]:
            return
        client, who = self.client(aws), {"restApiId": planned["rest_api_id"], "stageName": planned["stage_name"]}
        busy = ("CREATE_IN_PROGRESS", "FLUSH_IN_PROGRESS")
        poll(
            lambda: True if client.get_stage(**who).get("cacheClusterStatus") not in busy else None,
            seconds=_CACHE_SECONDS,
            waiting_for=f"the cache of API Gateway Stage ({planned['stage_name']})",
        )

    def _patch(self, aws: Aws, prior: Values, planned: Values) -> None:
        patch = Patch(prior, planned)
        patch.replace("/deploymentId", "deployment_id")
        patch.replace("/description", "description")
        patch.replace("/documentationVersion", "documentation_version")
        patch.replace("/clientCertificateId", "client_certificate_id")
        patch.replace("/tracingEnabled", "xray_tracing_enabled")
        patch.replace("/cacheClusterEnabled", "cache_cluster_enabled")
        if planned["cache_cluster_enabled"]:
            patch.replace("/cacheClusterSize", "cache_cluster_size")
        patch.entries("/variables", "variables")
        canary = Patch(first(prior["canary_settings"]), first(planned["canary_settings"]))
        canary.replace("/canarySettings/deploymentId", "deployment_id")
        canary.replace("/canarySettings/percentTraffic", "percent_traffic")
        canary.replace("/canarySettings/useStageCache", "use_stage_cache")
        canary.entries("/canarySettings/stageVariableOverrides", "stage_variable_overrides")
        if prior["canary_settings"] and not planned["canary_settings"]:
            canary.operations = [{"op": "remove", "path": "/canarySettings"}]
        log = Patch(first(prior["access_log_settings"]), first(planned["access_log_settings"]))
        log.replace("/accessLogSettings/destinationArn", "destination_arn")
        log.replace("/accessLogSettings/format", "format")
        if prior["access_log_settings"] and not planned["access_log_settings"]:
            log.operations = [{"op": "remove", "path": "/accessLogSettings"}]
        if operations := patch.operations + canary.operations + log.operations:
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


def _arn(aws: Aws, values: Values) -> str:
    path = f"restapis/{values['rest_api_id']}/stages/{values['stage_name']}"
    return f"arn:{aws.partition}:apigateway:{aws.region}::/{path}"


def _canary(planned: Values) -> Values:
    canary = first(planned["canary_settings"])
    return given(
        deploymentId=canary.get("deployment_id"),
        percentTraffic=canary.get("percent_traffic"),
        stageVariableOverrides=canary.get("stage_variable_overrides"),
        useStageCache=canary.get("use_stage_cache"),
    )


def _canary_block(canary: dict[str, Any] | None) -> list[Values]:
    if canary is None:
        return []
    return [
        {
            "deployment_id": canary.get("deploymentId"),
            "percent_traffic": canary.get("percentTraffic"),
            "stage_variable_overrides": canary.get("stageVariableOverrides"),
            "use_stage_cache": canary.get("useStageCache"),
        }
    ]


TYPES = (Stage,)
