"""A deployment of a REST API."""

from __future__ import annotations

from typing import Any

from cdktf_harness.cloud import Cloud
from cdktf_harness.system.http import send

from .workspace import Workspace

Config = dict[str, Any]
API, METHOD, DEPLOYMENT = (f"aws_api_gateway_{name}.this" for name in ("rest_api", "method", "deployment"))


def test_a_change_without_a_trigger_is_not_served(workspace: Workspace, cloud: Cloud) -> None:
    """As on AWS, where a plan that forgets the trigger looks complete; with one, the method needs its key."""
    route = {"rest_api_id": f"${{{API}.id}}", "resource_id": f"${{{API}.root_resource_id}}"}
    method: Config = {**route, "http_method": "GET", "authorization": "NONE"}
    deployment: Config = {
        "rest_api_id": route["rest_api_id"],
        "triggers": {},
        "lifecycle": {"create_before_destroy": True},
        "depends_on": ["aws_api_gateway_integration.this"],
    }
    arguments: dict[str, Config] = {
        "rest_api": {"name": "life"},
        "method": method,
        "integration": {
            **route,
            "http_method": f"${{{METHOD}.http_method}}",
            "type": "MOCK",
            "request_templates": {"application/json": '{"statusCode": 200}'},
        },
        "deployment": deployment,
        "stage": {
            "rest_api_id": route["rest_api_id"],
            "deployment_id": f"${{{DEPLOYMENT}.id}}",
            "stage_name": "prod",
        },
    }

    def status() -> int:
        workspace.converge(resource={f"aws_api_gateway_{name}": {"this": one} for name, one in arguments.items()})
        return send(f"{cloud.url}/restapis/{workspace.state(API)['id']}/prod/_user_request_/").status

    assert status() == 200
    method["api_key_required"] = True
    assert status() == 200
    deployment["triggers"]["key"] = f"${{{METHOD}.api_key_required}}"
    assert status() == 403
