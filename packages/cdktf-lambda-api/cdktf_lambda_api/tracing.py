"""Traces of requests."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from cdktf_lambda_api.function import Function
from cdktf_lambda_api.policy import policy


class Tracing(Construct):
    """AWS X-Ray on a stage and a function, whose role may send its segments."""

    def __init__(self, scope: Construct, id_: str, *, stage: ApiGatewayStage, function: Function) -> None:
        super().__init__(scope, id_)
        may_trace = policy(Effect="Allow", Action=["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource="*")
        write = IamRolePolicy(self, "write-traces", name="write-traces", role=function.role.name, policy=may_trace)
        stage.xray_tracing_enabled = True
        function.resource.put_tracing_config(mode="Active")
        # Lambda refuses the mode for a role that may not.
        function.resource.node.add_dependency(write)
