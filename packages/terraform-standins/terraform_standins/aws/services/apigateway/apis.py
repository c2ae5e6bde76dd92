"""API Gateway: REST APIs, their stages, and the settings of an account."""

from __future__ import annotations

from typing import Any

from ...model import from_aws
from ...resource import POLICY, UNKNOWN, Answer, Aws, Calls, Change, Tagging, Values, Wait, first, given, or_none
from .objects import ARN
from .patch import Operation, Patch, PatchedResource

_NO_COMPRESSION = (None, "", "-1")
_EXECUTE = "arn:{partition}:execute-api:{region}:{account_id}:"


class Account(PatchedResource):
    """Since version 6 the provider implements it with the Terraform Plugin Framework: a change makes all computed
    values unknown, and a destroy removes the role."""

    type_name, label = "aws_api_gateway_account", "API Gateway Account"
    calls = Calls.of("account", create="update", delete="")
    # API Gateway tests the role, which IAM may have created a moment ago.
    temporary = ("does not have required permissions", "write to CloudWatch")

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        if change.changed("cloudwatch_role_arn"):
            change.planned.update(dict.fromkeys(("api_key_version", "features", "throttle_settings"), UNKNOWN))

    def create(self, aws: Aws, planned: Values) -> Values:
        self.update(aws, planned, planned)
        return {"id": aws.account_id}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        operation = {"op": "replace", "path": "/cloudwatchRoleArn", **given(value=planned["cloudwatch_role_arn"])}
        self.call(aws, "update_account", {}, patchOperations=[operation])

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        throttle = found.get("throttleSettings")
        limits = throttle and {"burst_limit": throttle.get("burstLimit"), "rate_limit": throttle.get("rateLimit")}
        return {**super().parsed(aws, state, found), "throttle_settings": [limits] if limits else []}

    def remove(self, aws: Aws, state: Values) -> None:
        self.update(aws, state, {**state, "cloudwatch_role_arn": None})


class RestApi(PatchedResource):
    type_name, label = "aws_api_gateway_rest_api", "API Gateway REST API"
    calls = Calls.of("rest_api")
    names = {"id": "restApiId"}
    tagging = Tagging()
    documents = {"policy": POLICY}
    suppress = {"minimum_compression_size": lambda old, new: old in _NO_COMPRESSION and new in _NO_COMPRESSION}
    refused = ("body", "fail_on_warnings", "parameters", "put_rest_api_mode")
    patched = ("endpoint_configuration",)
    defaults = {"endpointConfiguration": {}}
    computed = {"arn": f"{ARN}restapis/{{id}}", "execution_arn": f"{_EXECUTE}{{id}}"}

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        # `put_rest_api_mode` matters only with a body.
        change.planned["put_rest_api_mode"] = change.prior and change.prior["put_rest_api_mode"]

    def make(self, aws: Aws, planned: Values) -> Any:
        uncompressed = planned["minimum_compression_size"] in _NO_COMPRESSION
        return super().make(aws, {**planned, "minimum_compression_size": None} if uncompressed else planned)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        size, root = found.get("minimumCompressionSize"), found.get("rootResourceId")
        return {
            **super().parsed(aws, state, found),
            "minimum_compression_size": "" if size is None else str(size),
            # AWS answers with a policy that is escaped as if it were inside another JSON string.
            "policy": found.get("policy", "").replace('\\"', '"').replace("\\/", "/"),
            "root_resource_id": root or _root(self.client(aws), state["id"]),
        }

    def operations(self, aws: Aws, prior: Values, planned: Values) -> list[Operation]:
        before, after = first(prior["endpoint_configuration"]), first(planned["endpoint_configuration"])
        patch = Patch(before, after, "/endpointConfiguration")
        if after:
            patch.replace(f"types/{before['types'][0]}", "types")
            patch.replace("ipAddressType", "ip_address_type")
            patch.members("vpcEndpointIds", "vpc_endpoint_ids")
        return super().operations(aws, prior, planned) + patch.operations

    def from_import_id(self, import_id: str) -> Values:
        return {"id": import_id, "put_rest_api_mode": "overwrite"}


def _root(client: Any, id_: str) -> str:
    pages = client.get_paginator("get_resources").paginate(restApiId=id_)
    return next((str(item["id"]) for page in pages for item in page["items"] if item["path"] == "/"), "")


class Stage(PatchedResource):
    type_name, label = "aws_api_gateway_stage", "API Gateway Stage"
    calls = Calls.of("stage")
    names = {"xray_tracing_enabled": "tracingEnabled"}
    tagging = Tagging()
    error_name = "{stage_name}"
    id_form = "ags-{rest_api_id}-{stage_name}"
    import_form = ("REST-API-ID/STAGE-NAME", "rest_api_id", "stage_name")
    waits = Wait("cacheClusterStatus", ("CREATE_IN_PROGRESS", "FLUSH_IN_PROGRESS"), after_delete=False)
    computed = {
        "id": id_form,
        "arn": f"{ARN}restapis/{{rest_api_id}}/stages/{{stage_name}}",
        "execution_arn": f"{_EXECUTE}{{rest_api_id}}/{{stage_name}}",
        "invoke_url": "https://{rest_api_id}.execute-api.{region}.{dns_suffix}/{stage_name}",
    }

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        size = {} if found.get("cacheClusterEnabled") else {"cache_cluster_size": state.get("cache_cluster_size")}
        return {**super().parsed(aws, state, found), **size}

    def operations(self, aws: Aws, prior: Values, planned: Values) -> list[Operation]:
        operations = super().operations(aws, prior, planned)
        return [o for o in operations if o["path"] != "/cacheClusterSize" or planned["cache_cluster_enabled"]]

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        super().update(aws, prior, planned)
        self.wait(aws, planned)

    def wait(self, aws: Aws, values: Values) -> None:
        if values["cache_cluster_enabled"]:
            super().wait(aws, values)


_PATHS = {
    "metrics_enabled": "metrics/enabled",
    "logging_level": "logging/loglevel",
    "data_trace_enabled": "logging/dataTrace",
    "throttling_burst_limit": "throttling/burstLimit",
    "throttling_rate_limit": "throttling/rateLimit",
    "caching_enabled": "caching/enabled",
    "cache_ttl_in_seconds": "caching/ttlInSeconds",
    "cache_data_encrypted": "caching/dataEncrypted",
    "require_authorization_for_cache_control": "caching/requireAuthorizationForCacheControl",
    "unauthorized_cache_control_header_strategy": "caching/unauthorizedCacheControlHeaderStrategy",
}
"""Argument -> its path in a patch."""


class MethodSettings(PatchedResource):
    """AWS stores the settings of methods in the stage."""

    type_name, label = "aws_api_gateway_method_settings", "API Gateway Method Settings"
    id_form = "{rest_api_id}-{stage_name}-{method_path}"
    import_form = ("REST-API-ID/STAGE-NAME/METHOD-PATH", "rest_api_id", "stage_name", "method_path")

    def create(self, aws: Aws, planned: Values) -> Values:
        self.update(aws, {"settings": []}, planned)
        return {"id": self.id_of(planned)}

    def read(self, aws: Aws, state: Values) -> Values | None:
        stage = self.call(aws, "get_stage", state)
        settings = stage.get("methodSettings", {}).get(state["method_path"])
        block = self.schema.block.blocks["settings"].block
        return settings and {"settings": [from_aws(block, self.shape("MethodSetting"), settings, {})]}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        patch = Patch(first(prior["settings"]), first(planned["settings"]), f"/{planned['method_path']}")
        for name, path in _PATHS.items():
            patch.replace(path, name)
        self.call(aws, "update_stage", planned, patchOperations=patch.operations)

    def remove(self, aws: Aws, state: Values) -> None:
        operation = {"op": "remove", "path": f"/{state['method_path']}"}
        call = lambda: self.call(aws, "update_stage", state, patchOperations=[operation])  # noqa: E731
        or_none(call, saying="no method setting for this method")
