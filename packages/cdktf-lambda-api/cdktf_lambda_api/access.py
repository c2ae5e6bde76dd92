"""Who may call an API, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdktf_cdktf_provider_aws.api_gateway_api_key import ApiGatewayApiKey
from cdktf_cdktf_provider_aws.api_gateway_method_settings import (
    ApiGatewayMethodSettings,
    ApiGatewayMethodSettingsSettings,
)
from cdktf_cdktf_provider_aws.api_gateway_usage_plan import (
    ApiGatewayUsagePlan,
    ApiGatewayUsagePlanApiStages,
    ApiGatewayUsagePlanQuotaSettings,
)
from cdktf_cdktf_provider_aws.api_gateway_usage_plan_key import ApiGatewayUsagePlanKey
from cdktf_cdktf_provider_aws.wafv2_web_acl_association import Wafv2WebAclAssociation
from constructs import Construct

if TYPE_CHECKING:
    from cdktf_lambda_api.metrics import Api


class Access(Construct):
    """Limits of all methods of an API together; an API key, with a quota or not, and the rules of AWS WAF if wanted.

    Raises ValueError for an HTTP API with more than limits.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        api: Api,
        rate_limit: int,
        burst_limit: int,
        api_key: bool = False,
        requests_per_day: int = 0,
        web_acl_arn: str = "",
    ) -> None:
        super().__init__(scope, id_)
        self.key_id = ""
        if api.kind == "http":
            if api_key or requests_per_day or web_acl_arn:
                raise ValueError(
                    f"api_key, requests_per_day, web_acl_arn: {api.name} is an HTTP API. Use RestApi for them"
                )
            api.stage.put_default_route_settings(throttling_rate_limit=rate_limit, throttling_burst_limit=burst_limit)
            return
        stage = api.stage
        self._stage = ApiGatewayUsagePlanApiStages(api_id=stage.rest_api_id, stage=stage.stage_name)
        limits = ApiGatewayMethodSettingsSettings(throttling_rate_limit=rate_limit, throttling_burst_limit=burst_limit)
        # checkov:skip=CKV_AWS_225: a cache costs by the hour, and answers of functions differ
        ApiGatewayMethodSettings(
            self,
            "limits",
            rest_api_id=stage.rest_api_id,
            stage_name=stage.stage_name,
            method_path="*/*",
            settings=limits,
        )
        if api_key:
            self.key_id = self._key(api.name, requests_per_day)
        if web_acl_arn:
            Wafv2WebAclAssociation(self, "web-acl", resource_arn=stage.arn, web_acl_arn=web_acl_arn)

    def _key(self, name: str, per_day: int) -> str:
        key = ApiGatewayApiKey(self, "key", name=name)
        plan = ApiGatewayUsagePlan(
            self,
            "plan",
            name=name,
            api_stages=[self._stage],
            quota_settings=ApiGatewayUsagePlanQuotaSettings(limit=per_day, period="DAY") if per_day else None,
        )
        ApiGatewayUsagePlanKey(self, "plan-key", key_id=key.id, key_type="API_KEY", usage_plan_id=plan.id)
        return key.id
