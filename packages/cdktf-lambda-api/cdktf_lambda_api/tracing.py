"""Traces of requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from cdktf_lambda_api.function import Function
from cdktf_lambda_api.metrics import prefix
from cdktf_lambda_api.policies import policy

if TYPE_CHECKING:
    from cdktf_lambda_api.metrics import Api


class Tracing(Construct):
    """AWS X-Ray on an API (an HTTP API has none) and its functions, whose roles may send their segments."""

    def __init__(self, scope: Construct, id_: str, *, api: Api, functions: Sequence[Function]) -> None:
        super().__init__(scope, id_)
        may_trace = policy(Effect="Allow", Action=["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource="*")
        if api.kind == "rest":
            api.stage.xray_tracing_enabled = True
        for function in functions:
            id_ = f"{prefix(function, api)}write-traces"
            write = IamRolePolicy(self, id_, name="write-traces", role=function.role.name, policy=may_trace)
            function.resource.put_tracing_config(mode="Active")
            # Lambda refuses the mode for a role that may not.
            function.resource.node.add_dependency(write)
