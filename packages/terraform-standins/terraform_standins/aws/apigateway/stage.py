"""API Gateway: stages."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.base import existing
from ...protocol.values import Values
from ..cloud import Aws
from ..partitions import dns_suffix
from ..resource import Calls
from ..tags import Tagging
from ..waiting import wait_for
from .arns import arn, execution_arn
from .patch import Operation, PatchedResource

_CACHE_SECONDS = 1800
_BUSY = ("CREATE_IN_PROGRESS", "FLUSH_IN_PROGRESS")


class Stage(PatchedResource):
    """A stage: serves a deployment at a URL.

    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html
    """

    type_name = "aws_api_gateway_stage"
    label = "API Gateway Stage"
    calls = Calls(create="create_stage", read="get_stage", update="update_stage", delete="delete_stage")
    names: ClassVar = {"xray_tracing_enabled": "tracingEnabled"}
    tagging = Tagging()
    import_form = ("REST-API-ID/STAGE-NAME", "rest_api_id", "stage_name")
    kept = ("access_log_settings", "client_certificate_id")

    def id_of(self, values: Values) -> str:
        return f"ags-{values['rest_api_id']}-{values['stage_name']}"

    def create(self, aws: Aws, planned: Values) -> Values:
        created = super().create(aws, planned)
        with existing(created["id"]):
            # Only a patch can set these.
            self.update(aws, {**planned, "access_log_settings": [], "client_certificate_id": None}, planned)
        return created

    def read(self, aws: Aws, state: Values) -> Values:
        api, name = state["rest_api_id"], state["stage_name"]
        stage = self.call(aws, "get_stage", state)
        values = self.values(aws, "Stage", stage)
        if not stage.get("cacheClusterEnabled"):
            values["cache_cluster_size"] = state.get("cache_cluster_size")
        return {
            **values,
            "id": self.id_of(state),
            "arn": arn(aws, f"restapis/{api}/stages/{name}"),
            "execution_arn": execution_arn(aws, f"{api}/{name}"),
            "invoke_url": f"https://{api}.execute-api.{aws.region}.{dns_suffix(aws.region)}/{name}",
        }

    def operations(self, aws: Aws, prior: Values, planned: Values) -> list[Operation]:
        operations = super().operations(aws, prior, planned)
        return [o for o in operations if o["path"] != "/cacheClusterSize" or planned["cache_cluster_enabled"]]

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        super().update(aws, prior, planned)
        if planned["cache_cluster_enabled"]:
            wait_for(
                lambda: self.call(aws, "get_stage", planned).get("cacheClusterStatus") not in _BUSY or None,
                seconds=_CACHE_SECONDS,
                waiting_for=f"the cache of API Gateway Stage ({planned['stage_name']})",
            )

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        return super().explain(error, doing, {"name": values["stage_name"]})


TYPES = (Stage,)
