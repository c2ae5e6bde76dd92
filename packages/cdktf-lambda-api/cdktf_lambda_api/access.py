"""Who may call an API, and how often."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.api_gateway_api_key import ApiGatewayApiKey
from cdktf_cdktf_provider_aws.api_gateway_method_settings import (
    ApiGatewayMethodSettings,
    ApiGatewayMethodSettingsSettings,
)
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.api_gateway_usage_plan import ApiGatewayUsagePlan, ApiGatewayUsagePlanApiStages
from cdktf_cdktf_provider_aws.api_gateway_usage_plan_key import ApiGatewayUsagePlanKey
from cdktf_cdktf_provider_aws.wafv2_web_acl_association import Wafv2WebAclAssociation
from constructs import Construct


class Access(Construct):
    """Limits of all methods of a stage together; an API key and the rules of AWS WAF if they are wanted."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        stage: ApiGatewayStage,
        rate_limit: int,
        burst_limit: int,
        api_key: bool = False,
        web_acl_arn: str = "",
    ) -> None:
        super().__init__(scope, id_)
        limits = ApiGatewayMethodSettingsSettings(throttling_rate_limit=rate_limit, throttling_burst_limit=burst_limit)
        ApiGatewayMethodSettings(
            self,
            "limits",
            rest_api_id=stage.rest_api_id,
            stage_name=stage.stage_name,
            method_path="*/*",
            settings=limits,
        )
        self.key_id = self._key(name, stage) if api_key else ""
        if web_acl_arn:
            Wafv2WebAclAssociation(self, "web-acl", resource_arn=stage.arn, web_acl_arn=web_acl_arn)

    def _key(self, name: str, stage: ApiGatewayStage) -> str:
        key = ApiGatewayApiKey(self, "key", name=name)
        plan = ApiGatewayUsagePlan(
            self,
            "plan",
            name=name,
            api_stages=[ApiGatewayUsagePlanApiStages(api_id=stage.rest_api_id, stage=stage.stage_name)],
        )
        ApiGatewayUsagePlanKey(self, "plan-key", key_id=key.id, key_type="API_KEY", usage_plan_id=plan.id)
        return key.id
