"""A stage of API Gateway serves the snapshot of its deployment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from http_server import Response, serving

from .conftest import Route, Running, add_route, answer, rest_api


def _get(cloud: Running, api: str) -> tuple[int, str]:
    answer = cloud.ask("GET", f"/restapis/{api}/s/_user_request_/")
    return answer.status, answer.text


@pytest.fixture
def client(running: Running) -> Iterator[Any]:
    """A client of REST APIs; all of them are deleted afterwards."""
    client = running.client("apigateway")
    yield client
    for api in client.get_rest_apis()["items"]:
        client.delete_rest_api(restApiId=api["id"])


def _key(client: Any, route: Route) -> None:
    operation = {"op": "replace", "path": "/apiKeyRequired", "value": "true"}
    client.update_method(**route, patchOperations=[operation])


def _validator(client: Any, route: Route) -> None:
    api = route["restApiId"]
    made = client.create_request_validator(restApiId=api, name="v", validateRequestParameters=True)
    operations = [
        {"op": "replace", "path": "/requestValidatorId", "value": made["id"]},
        {"op": "add", "path": "/requestParameters/method.request.querystring.q", "value": "true"},
    ]
    client.update_method(**route, patchOperations=operations)


def _moved(client: Any, route: Route) -> None:
    add_route(client, route["restApiId"], route["resourceId"], "other")
    client.delete_method(**route)


CHANGES: dict[str, tuple[Callable[[Any, Route], Any], int, str]] = {
    "integration response": (lambda client, route: answer(client, route, "new"), 200, "new"),
    "integration": (lambda client, route: client.delete_integration(**route), 500, "integration"),
    "method": (_key, 403, "Forbidden"),
    "no method": (_moved, 403, "Missing Authentication Token"),
    "validator": (_validator, 400, "Missing required request parameters"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_served_when_its_deployment_is(name: str, running: Running, client: Any) -> None:
    """Not before, and no longer after a rollback to the previous deployment."""
    change, status, text = CHANGES[name]
    route, first = rest_api(client)
    api = route["restApiId"]
    assert _get(running, api) == (200, "old")
    change(client, route)
    assert _get(running, api) == (200, "old")
    second = client.create_deployment(restApiId=api)["id"]
    assert _get(running, api) == (200, "old")

    def move(deployment: str) -> None:
        operation = {"op": "replace", "path": "/deploymentId", "value": deployment}
        client.update_stage(restApiId=api, stageName="s", patchOperations=[operation])

    move(second)
    served = _get(running, api)
    assert served[0] == status
    assert text in served[1]
    move(first)
    assert _get(running, api) == (200, "old")


def test_settings_of_a_stage_and_keys_are_served_at_once(running: Running, client: Any) -> None:
    """They are not part of a deployment."""
    route, _ = rest_api(client)
    api = route["restApiId"]
    _key(client, route)
    client.create_deployment(restApiId=api, stageName="s")
    assert _get(running, api)[0] == 403
    key = client.create_api_key(name="k", enabled=True)
    plan = client.create_usage_plan(name="p", apiStages=[{"apiId": api, "stage": "s"}])["id"]
    client.create_usage_plan_key(usagePlanId=plan, keyId=key["id"], keyType="API_KEY")
    path = f"/restapis/{api}/s/_user_request_/"
    assert running.ask("GET", path, x_api_key=key["value"]).text == "old"
    operation = {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "0"}
    burst = {**operation, "path": "/*/*/throttling/burstLimit"}
    client.update_stage(restApiId=api, stageName="s", patchOperations=[operation, burst])
    assert running.ask("GET", path, x_api_key=key["value"]).status == 429
    client.delete_usage_plan(usagePlanId=plan)
    client.delete_api_key(apiKey=key["id"])


def test_the_deployment_of_a_stage_exists(client: Any) -> None:
    """A stage needs one and keeps it; no answer shows the snapshot."""
    route, first = rest_api(client)
    api = {"restApiId": route["restApiId"]}
    assert client.get_deployment(**api, deploymentId=first).keys() <= {
        "id",
        "createdDate",
        "description",
        "apiSummary",
        "ResponseMetadata",
    }
    refused = client.exceptions.BadRequestException
    with pytest.raises(refused, match="Active stages pointing to this deployment must be moved or deleted"):
        client.delete_deployment(**api, deploymentId=first)
    with pytest.raises(refused, match="Deployment id does not exist"):
        client.create_stage(**api, stageName="t", deploymentId="none")
    operation = {"op": "replace", "path": "/deploymentId", "value": "none"}
    with pytest.raises(refused, match="Deployment id does not exist"):
        client.update_stage(**api, stageName="s", patchOperations=[operation])
    client.create_deployment(**api, stageName="s")
    client.delete_deployment(**api, deploymentId=first)


def test_a_stage_of_an_http_api_serves_its_deployment(running: Running) -> None:
    """With `autoDeploy` it serves every change at once; without a deployment it serves nothing."""
    client = running.client("apigatewayv2")
    with serving(lambda request: Response(request.path.encode())) as port:
        api = client.create_api(Name="snapshots", ProtocolType="HTTP")["ApiId"]
        integration = client.create_integration(
            ApiId=api,
            IntegrationType="HTTP_PROXY",
            IntegrationMethod="GET",
            IntegrationUri=f"http://127.0.0.1:{port}/old",
            PayloadFormatVersion="1.0",
        )["IntegrationId"]
        client.create_route(ApiId=api, RouteKey="GET /", Target=f"integrations/{integration}")
        for stage, automatic in {"manual": False, "automatic": True}.items():
            client.create_stage(ApiId=api, StageName=stage, AutoDeploy=automatic)

        def get(stage: str) -> tuple[int, str]:
            answer = running.ask("GET", "/" + stage, Host=f"{api}.execute-api.{running.host}")
            return answer.status, answer.text

        assert [get("manual")[0], get("automatic")] == [404, (200, "/old/")]
        first = client.create_deployment(ApiId=api, StageName="manual")
        assert first.keys() <= {"CreatedDate", "DeploymentId", "DeploymentStatus", "Description", "ResponseMetadata"}
        client.update_integration(ApiId=api, IntegrationId=integration, IntegrationUri=f"http://127.0.0.1:{port}/new")
        assert [get("manual"), get("automatic")] == [(200, "/old/"), (200, "/new/")]
        client.create_deployment(ApiId=api, StageName="manual")
        assert get("manual") == (200, "/new/")
        client.update_stage(ApiId=api, StageName="manual", DeploymentId=first["DeploymentId"])
        assert get("manual") == (200, "/old/")
        client.delete_api(ApiId=api)
