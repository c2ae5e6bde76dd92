"""API Gateway: the settings of an account, and those of the methods in a stage."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.plan import Change
from ...protocol.values import UNKNOWN, Values
from ..cloud import Aws
from ..model import first, given
from ..names import parts
from ..resource import AwsResource
from ..waiting import retry
from .patch import Patch

_PROPAGATION_SECONDS = 120
"""How long API Gateway may not see a role that IAM has just made."""


class Account(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateAccount.html ; there is one in each region.

    Since version 6 a resource of the Terraform Plugin Framework: a change makes all that is computed unknown, and a
    destroy takes the role away.
    """

    type_name = "aws_api_gateway_account"
    label = "API Gateway Account"
    service = "apigateway"
    arguments: ClassVar = {"cloudwatch_role_arn"}

    def customise(self, aws: Aws, change: Change) -> None:
        """What AWS answers to a change is not known before."""
        super().customise(aws, change)
        if change.changed("cloudwatch_role_arn"):
            change.planned.update(dict.fromkeys(("api_key_version", "features", "throttle_settings"), UNKNOWN))

    def create(self, aws: Aws, planned: Values) -> Values:
        """Set the role."""
        self._set(aws, planned["cloudwatch_role_arn"])
        return {"id": aws.account_id}

    def _set(self, aws: Aws, role: str | None) -> None:
        operation = {"op": "replace", "path": "/cloudwatchRoleArn", **given(value=role)}
        retry(
            lambda: self.client(aws).update_account(patchOperations=[operation]),
            # The role was made a moment ago and API Gateway tries it.
            lambda error: "does not have required permissions" in str(error) or "write to CloudWatch" in str(error),
            seconds=_PROPAGATION_SECONDS,
        )

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the account's settings."""
        account = self.client(aws).get_account()
        throttle = account.get("throttleSettings")
        return {
            "api_key_version": account.get("apiKeyVersion"),
            "cloudwatch_role_arn": account.get("cloudwatchRoleArn"),
            "features": account.get("features"),
            "throttle_settings": [{"burst_limit": throttle.get("burstLimit"), "rate_limit": throttle.get("rateLimit")}]
            if throttle
            else [],
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Set another role."""
        self._set(aws, planned["cloudwatch_role_arn"])

    def remove(self, aws: Aws, state: Values) -> None:
        """Take the role away."""
        self._set(aws, None)


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


TYPES = (Account, MethodSettings)
