"""The REST API: two methods of one path, which need an API key of the usage plan."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.api_gateway_api_key import ApiGatewayApiKey
from cdktf_cdktf_provider_aws.api_gateway_integration import ApiGatewayIntegration
from cdktf_cdktf_provider_aws.api_gateway_method import ApiGatewayMethod
from cdktf_cdktf_provider_aws.api_gateway_resource import ApiGatewayResource
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.api_gateway_usage_plan import (
    ApiGatewayUsagePlan,
    ApiGatewayUsagePlanApiStages,
    ApiGatewayUsagePlanQuotaSettings,
)
from cdktf_cdktf_provider_aws.api_gateway_usage_plan_key import ApiGatewayUsagePlanKey
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from cdktf_lambda_api.deployment import Deployment


class Api(Construct):
    """`GET` and `POST /jobs` on a stage `v1`, answered by a function; `key` is the API key."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, function: LambdaFunction, requests_per_day: int
    ) -> None:
        super().__init__(scope, id_)
        self.rest = ApiGatewayRestApi(self, "rest", name=name)
        path = ApiGatewayResource(
            self, "path", rest_api_id=self.rest.id, parent_id=self.rest.root_resource_id, path_part="jobs"
        )
        for http_method in ("GET", "POST"):
            self._method(http_method, path, function)
        LambdaPermission(
            self,
            "permission",
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            function_name=function.function_name,
            source_arn=f"{self.rest.execution_arn}/*/*/jobs",
        )
        deployment = Deployment(self, "deployment", api=self.rest)
        self.stage = ApiGatewayStage(
            self, "stage", rest_api_id=self.rest.id, deployment_id=deployment.id, stage_name="v1"
        )
        plan = ApiGatewayUsagePlan(
            self,
            "plan",
            name=name,
            api_stages=[ApiGatewayUsagePlanApiStages(api_id=self.rest.id, stage=self.stage.stage_name)],
            quota_settings=ApiGatewayUsagePlanQuotaSettings(limit=requests_per_day, period="DAY"),
        )
        self.key = ApiGatewayApiKey(self, "key", name=name)
        ApiGatewayUsagePlanKey(self, "member", key_id=self.key.id, key_type="API_KEY", usage_plan_id=plan.id)

    def _method(self, http_method: str, path: ApiGatewayResource, function: LambdaFunction) -> None:
        method = ApiGatewayMethod(
            self,
            http_method.lower(),
            rest_api_id=self.rest.id,
            resource_id=path.id,
            http_method=http_method,
            authorization="NONE",
            api_key_required=True,
        )
        ApiGatewayIntegration(
            self,
            f"{http_method.lower()}-integration",
            rest_api_id=self.rest.id,
            resource_id=path.id,
            http_method=method.http_method,
            type="AWS_PROXY",
            integration_http_method="POST",
            uri=function.invoke_arn,
        )
