"""A REST API with a route, a deployment, a stage and settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdktf_harness.cloud import Cloud
from cdktf_harness.system.http import send

from .workspace import Workspace, changed

Aws = Callable[[str], Any]
Config = dict[str, Any]
API, RESOURCE, METHOD, INTEGRATION, DEPLOYMENT, STAGE, SETTINGS, ACCOUNT = (
    f"aws_api_gateway_{name}.this"
    for name in ("rest_api", "resource", "method", "integration", "deployment", "stage", "method_settings", "account")
)
FUNCTION = "arn:aws:lambda:eu-central-1:000000000000:function:f"
URI = f"arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"


@pytest.fixture
def resources() -> Config:
    """A resource of each type, for the test to change."""
    api = {"rest_api_id": f"${{{API}.id}}"}
    route = {**api, "resource_id": f"${{{RESOURCE}.id}}"}
    types: Config = {
        API: {"name": "life", "tags": {"A": "b"}, "endpoint_configuration": {"types": ["REGIONAL"]}},
        RESOURCE: {**api, "parent_id": f"${{{API}.root_resource_id}}", "path_part": "time"},
        METHOD: {**route, "http_method": "GET", "authorization": "NONE"},
        INTEGRATION: {
            **route,
            "http_method": f"${{{METHOD}.http_method}}",
            "type": "AWS_PROXY",
            "integration_http_method": "POST",
            "uri": URI,
            "timeout_milliseconds": 5000,
        },
        DEPLOYMENT: {
            **api,
            "triggers": {"route": f"${{sha1(jsonencode([{METHOD}.authorization, {INTEGRATION}.uri]))}}"},
            "lifecycle": {"create_before_destroy": True},
        },
        STAGE: {
            **api,
            "deployment_id": f"${{{DEPLOYMENT}.id}}",
            "stage_name": "prod",
            "tags": {"A": "b"},
            "xray_tracing_enabled": True,
        },
        SETTINGS: {
            **api,
            "stage_name": f"${{{STAGE}.stage_name}}",
            "method_path": "*/*",
            "settings": {"metrics_enabled": True, "throttling_burst_limit": 20},
        },
        ACCOUNT: {"cloudwatch_role_arn": "arn:aws:iam::000000000000:role/logs"},
    }
    return {address.partition(".")[0]: {"this": arguments} for address, arguments in types.items()}


def test_what_is_not_given(workspace: Workspace, resources: Config, aws: Aws) -> None:
    """It is empty in the state as with the real provider, the next plan is empty, a destroy leaves nothing."""
    workspace.apply(resource=resources)
    api, stage, settings = (workspace.state(address) for address in (API, STAGE, SETTINGS))
    assert api["endpoint_configuration"] == [{"ip_address_type": "", "types": ["REGIONAL"], "vpc_endpoint_ids": []}]
    assert api["description"] == stage["description"] == workspace.state(DEPLOYMENT)["description"] == ""
    assert api["tags"] == api["tags_all"] == stage["tags"] == stage["tags_all"] == {"A": "b"}
    assert (stage["access_log_settings"], stage["xray_tracing_enabled"]) == ([], True)
    assert settings["settings"][0]["throttling_rate_limit"] == -1
    integration = workspace.state(INTEGRATION)
    assert (integration["integration_target"], integration["response_transfer_mode"]) == ("", "BUFFERED")
    assert workspace.plan() == {}
    workspace.run("destroy", "-auto-approve")
    client = aws("apigateway")
    assert client.get_rest_apis()["items"] == []
    assert not client.get_account().get("cloudwatchRoleArn")


def test_a_change_without_a_trigger_is_not_served(workspace: Workspace, resources: Config, cloud: Cloud) -> None:
    """As on AWS, where a plan that forgets the trigger looks complete; with one, the method needs its key."""
    arguments = {f"{type_}.this": those["this"] for type_, those in resources.items()}
    arguments[INTEGRATION] = {
        **{name: arguments[INTEGRATION][name] for name in ("rest_api_id", "resource_id", "http_method")},
        "type": "MOCK",
        "request_templates": {"application/json": '{"statusCode": 200}'},
    }
    resources["aws_api_gateway_integration"]["this"] = arguments[INTEGRATION]
    arguments[DEPLOYMENT].update(triggers={}, depends_on=[INTEGRATION])

    def status() -> int:
        api = workspace.state(API)["id"]
        return send(f"{cloud.url}/restapis/{api}/prod/_user_request_/time").status

    workspace.converge(resource=resources)
    assert status() == 200
    arguments[METHOD]["api_key_required"] = True
    workspace.converge(resource=resources)
    assert status() == 200
    arguments[DEPLOYMENT]["triggers"]["key"] = f"${{{METHOD}.api_key_required}}"
    workspace.converge(resource=resources)
    assert status() == 403


def test_changes(workspace: Workspace, resources: Config, aws: Aws) -> None:
    """A changed route creates a new deployment before the old one is deleted; the rest changes in place."""
    workspace.apply(resource=resources)
    first = workspace.state(DEPLOYMENT)["id"]
    arguments = {f"{type_}.this": those["this"] for type_, those in resources.items()}
    arguments[API].update(description="d", minimum_compression_size="1024", name="other")
    arguments[RESOURCE]["path_part"] = "clock"
    arguments[METHOD].update(authorization="AWS_IAM", request_parameters={"method.request.querystring.tz": True})
    arguments[INTEGRATION].update(timeout_milliseconds=6000, request_parameters={"integration.request.header.X": "'y'"})
    arguments[STAGE].update(description="d", variables={"a": "b"}, xray_tracing_enabled=False)
    arguments[STAGE]["access_log_settings"] = {"destination_arn": "arn:aws:logs:::log-group:a", "format": "f"}
    arguments[SETTINGS]["settings"] = {"metrics_enabled": True, "logging_level": "INFO", "throttling_rate_limit": 7}
    arguments[ACCOUNT]["cloudwatch_role_arn"] += "2"
    for address in (API, STAGE):
        arguments[address]["tags"] = {"A": "c", "B": "d"}
    plan = workspace.plan(resource=resources)
    assert plan[DEPLOYMENT]["actions"] == ["create", "delete"]
    assert plan[DEPLOYMENT]["replace_paths"] == [["triggers"]]
    assert {address for address, change in plan.items() if change["actions"] != ["update"]} == {DEPLOYMENT}
    assert plan[STAGE]["after_unknown"]["deployment_id"] is True
    # As with the real provider: this plan has the old path, the next one finds the new path.
    assert (changed(plan[RESOURCE]), plan[RESOURCE]["after"]["path"]) == ({"path_part"}, "/time")
    workspace.converge()
    assert workspace.state(RESOURCE)["path"] == "/clock"
    client, id_ = aws("apigateway"), workspace.state(API)["id"]
    (deployment,) = client.get_deployments(restApiId=id_)["items"]
    stage = client.get_stage(restApiId=id_, stageName="prod")
    assert first != deployment["id"] == stage["deploymentId"]
    assert (stage["description"], stage["variables"], stage["tracingEnabled"]) == ("d", {"a": "b"}, False)
    assert stage["methodSettings"]["*/*"]["loggingLevel"] == "INFO"

    for address, names in {
        METHOD: ["request_parameters"],
        INTEGRATION: ["request_parameters"],
        STAGE: ["description", "variables", "access_log_settings", "tags"],
    }.items():
        for name in names:
            del arguments[address][name]
    workspace.converge(resource=resources)
    stage = client.get_stage(restApiId=id_, stageName="prod")
    assert not stage.get("accessLogSettings")
    assert not stage.get("variables")
