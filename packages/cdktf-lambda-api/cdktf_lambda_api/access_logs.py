"""The access log of an API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cdktf_cdktf_provider_aws.api_gateway_account import ApiGatewayAccount
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.data_aws_partition import DataAwsPartition
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from cdktf_lambda_api.policies import policy

if TYPE_CHECKING:
    from cdktf_lambda_api.metrics import Api

# Texts, since a variable without a value is "-".
FORMAT = {
    "time": "$context.requestTime",
    "requestId": "$context.requestId",
    "functionRequestId": "$context.integration.requestId",
    "caller": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "status": "$context.status",
    "latency": "$context.responseLatency",
    "integrationLatency": "$context.integrationLatency",
    "error": "$context.error.message",
    "integrationError": "$context.integration.error",
    "trace": "$context.xrayTraceId",
}


class AccessLogs(Construct):
    """A line of JSON for each request. `functionRequestId` is the `requestId` of the function's own lines.

    API Gateway writes with a role that an account has once in a region; `manage_role` makes it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        api: Api,
        retention_days: int,
        manage_role: bool,
        permissions_boundary: str,
    ) -> None:
        super().__init__(scope, id_)
        name, stage = api.name, api.stage
        # checkov:skip=CKV_AWS_158: AWS's own key is enough for these; another one costs $1 a month
        # checkov:skip=CKV_AWS_338: `retention_days` decides
        self.logs = CloudwatchLogGroup(self, "logs", name=f"/aws/apigateway/{name}", retention_in_days=retention_days)
        # An HTTP API has no traces, and writes its log without the role.
        variables = {key: value for key, value in FORMAT.items() if key != "trace" or api.kind == "rest"}
        stage.put_access_log_settings(destination_arn=self.logs.arn, format=json.dumps(variables))
        if manage_role and api.kind == "rest":
            stage.node.add_dependency(self._role(name, permissions_boundary or None))

    def _role(self, name: str, boundary: str | None) -> ApiGatewayAccount:
        may_assume = policy(Effect="Allow", Action="sts:AssumeRole", Principal={"Service": "apigateway.amazonaws.com"})
        partition = DataAwsPartition(self, "partition").partition
        role = IamRole(
            self, "role", name=f"{name}-api-logs", assume_role_policy=may_assume, permissions_boundary=boundary
        )
        attached = IamRolePolicyAttachment(
            self,
            "may-write",
            role=role.name,
            policy_arn=f"arn:{partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
        )
        return ApiGatewayAccount(self, "account", cloudwatch_role_arn=role.arn, depends_on=[attached])
