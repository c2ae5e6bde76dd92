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
    arguments[RESOURCE]["path_part"] = "clock"
    arguments[METHOD]["authorization"] = "AWS_IAM"
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
    assert first != deployment["id"] == client.get_stage(restApiId=id_, stageName="prod")["deploymentId"]
