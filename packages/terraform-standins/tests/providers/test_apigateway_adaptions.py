"""The adaptions of API Gateway: the embedded cloud answers like AWS where ministack does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from http_server import Response, serving

from cdktf_harness.cloud.process import Cloud
from cdktf_harness.project.http import send

from .workspace import REGION

Aws = Callable[[str], Any]
ROLE = "arn:aws:iam::000000000000:role/r"
MALFORMED = (502, {"message": "Internal server error"})
pytestmark = pytest.mark.usefixtures("workspace")  # which empties the cloud after each test


def _stage(client: Any, **settings: Any) -> tuple[str, str]:
    api = client.create_rest_api(name="a")["id"]
    deployment = client.create_deployment(restApiId=api)["id"]
    client.create_stage(restApiId=api, stageName="s", deploymentId=deployment, **settings)
    return api, deployment


def test_a_stage_has_what_it_was_given_and_no_more(aws: Aws) -> None:
    """Access logs are absent before they are set and after they are removed; a canary keeps numbers as numbers."""
    client = aws("apigateway")
    api, deployment = _stage(client)
    who = {"restApiId": api, "stageName": "s"}
    assert "accessLogSettings" not in client.get_stage(**who)
    assert "accessLogSettings" not in client.get_stages(restApiId=api)["item"][0]

    def patch(**operation: str) -> Any:
        client.update_stage(**who, patchOperations=[operation])
        return client.get_stage(**who)

    stage = patch(op="replace", path="/accessLogSettings/format", value="f")
    assert stage["accessLogSettings"] == {"format": "f"}
    assert "accessLogSettings" not in patch(op="remove", path="/accessLogSettings")
    client.create_stage(
        restApiId=api,
        stageName="c",
        deploymentId=deployment,
        canarySettings={"percentTraffic": 5, "useStageCache": True},
    )
    who["stageName"] = "c"
    stage = patch(op="replace", path="/canarySettings/percentTraffic", value="7.5")
    assert stage["canarySettings"] == {"percentTraffic": 7.5, "useStageCache": True}


def test_tags_are_the_same_in_every_answer(aws: Aws) -> None:
    """Tags of a create, added tags and removed tags, for each taggable object of API Gateway."""
    client = aws("apigateway")
    first = {"A": "1", "B": "2"}
    api = client.create_rest_api(name="a", tags=first)["id"]
    deployment = client.create_deployment(restApiId=api)["id"]
    client.create_stage(restApiId=api, stageName="s", deploymentId=deployment, tags=first)
    key = client.create_api_key(name="k", tags=first)["id"]
    plan = client.create_usage_plan(name="p", tags=first)["id"]
    reads: dict[str, Callable[[], Any]] = {
        f"/restapis/{api}": lambda: client.get_rest_api(restApiId=api),
        f"/restapis/{api}/stages/s": lambda: client.get_stage(restApiId=api, stageName="s"),
        f"/apikeys/{key}": lambda: client.get_api_key(apiKey=key),
        f"/usageplans/{plan}": lambda: client.get_usage_plan(usagePlanId=plan),
    }
    for path, read in reads.items():
        arn = f"arn:aws:apigateway:{REGION}::{path}"
        assert client.get_tags(resourceArn=arn)["tags"] == read()["tags"] == first, path
        client.tag_resource(resourceArn=arn, tags={"C": "3"})
        client.untag_resource(resourceArn=arn, tagKeys=["A"])
        assert client.get_tags(resourceArn=arn)["tags"] == read()["tags"] == {"B": "2", "C": "3"}, path


def test_keys_and_plans(aws: Aws) -> None:
    """AWS generates a missing value and refuses a short one; a plan's limits are numbers, its stages a list."""
    client = aws("apigateway")
    assert len(client.create_api_key(name="k", value="")["value"]) >= 20
    with pytest.raises(client.exceptions.BadRequestException, match="20 characters"):
        client.create_api_key(name="k", value="short")
    api, _ = _stage(client)
    plan = client.create_usage_plan(name="p")
    assert not {"throttle", "quota"} & client.get_usage_plan(usagePlanId=plan["id"]).keys()
    limit = f"/apiStages/{api}:s/throttle/~1time~1GET/rateLimit"
    operations = [
        {"op": "replace", "path": "/throttle/rateLimit", "value": "2.5"},
        {"op": "replace", "path": "/throttle/burstLimit", "value": "3"},
        {"op": "add", "path": "/apiStages", "value": f"{api}:s"},
        {"op": "replace", "path": limit, "value": "1"},
    ]
    client.update_usage_plan(usagePlanId=plan["id"], patchOperations=operations)
    found = client.get_usage_plan(usagePlanId=plan["id"])
    assert found["throttle"] == {"rateLimit": 2.5, "burstLimit": 3}
    assert found["apiStages"] == [{"apiId": api, "stage": "s", "throttle": {"/time/GET": {"rateLimit": 1.0}}}]
    operation = {"op": "remove", "path": "/apiStages", "value": f"{api}:s"}
    client.update_usage_plan(usagePlanId=plan["id"], patchOperations=[operation])
    assert client.get_usage_plan(usagePlanId=plan["id"])["apiStages"] == []


def test_lists_flags_and_keys_with_slashes_are_patched(aws: Aws) -> None:
    """In a REST API and in the response of a method."""
    client = aws("apigateway")
    api = client.create_rest_api(name="a", binaryMediaTypes=["image/png"])["id"]
    operations = [
        {"op": "add", "path": "/binaryMediaTypes/image~1gif"},
        {"op": "remove", "path": "/binaryMediaTypes/image~1png"},
        {"op": "replace", "path": "/endpointConfiguration/types/REGIONAL", "value": "EDGE"},
        {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "false"},
        {"op": "replace", "path": "/minimumCompressionSize", "value": "1024"},
    ]
    client.update_rest_api(restApiId=api, patchOperations=operations)
    found = client.get_rest_api(restApiId=api)
    assert found["binaryMediaTypes"] == ["image/gif"]
    assert found["endpointConfiguration"]["types"] == ["EDGE"]
    assert found["disableExecuteApiEndpoint"] is False
    assert found["minimumCompressionSize"] == 1024
    method = {"restApiId": api, "resourceId": found["rootResourceId"], "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    given = {"cacheNamespace": "c", "responseTransferMode": "STREAM", "tlsConfig": {"insecureSkipVerification": True}}
    client.put_integration(**method, type="HTTP_PROXY", integrationHttpMethod="GET", uri="https://x.invalid", **given)
    assert given.items() <= client.get_integration(**method).items()
    client.put_method_response(**method, statusCode="200")
    operation = {"op": "add", "path": "/responseModels/application~1json", "value": "Empty"}
    client.update_method_response(**method, statusCode="200", patchOperations=[operation])
    answer = client.get_method_response(**method, statusCode="200")
    assert answer["responseModels"] == {"application/json": "Empty"}


@pytest.fixture(scope="module")
def function() -> Iterator[tuple[str, list[bytes]]]:
    """The URL of a function in this process, and its results: it returns the last one of the list."""
    returned: list[bytes] = []
    with serving(lambda _: Response(returned[-1])) as port:
        yield f"http://127.0.0.1:{port}/", returned


@pytest.fixture
def route(aws: Aws, function: tuple[str, list[bytes]]) -> tuple[str, str]:
    """The id of an API, and the name of the function that its GET of / and of /items/{id} on the stage `s` calls."""
    arn = aws("lambda").create_function(
        FunctionName="returns",
        Role=ROLE,
        Runtime="python3.13",
        Handler="a.b",
        Code={"ZipFile": b"PK\5\6" + bytes(18)},
        Environment={"Variables": {"MINISTACK_LAMBDA_PROXY_URL": function[0]}},
    )["FunctionArn"]
    client = aws("apigateway")
    api = client.create_rest_api(name="a")
    path = [api["rootResourceId"]]
    for part in ("items", "{id}"):
        path.append(client.create_resource(restApiId=api["id"], parentId=path[-1], pathPart=part)["id"])
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}/invocations"
    for resource in (path[0], path[-1]):
        method = {"restApiId": api["id"], "resourceId": resource, "httpMethod": "GET"}
        client.put_method(**method, authorizationType="NONE")
        client.put_integration(**method, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    client.create_deployment(restApiId=api["id"], stageName="s")
    return api["id"], "returns"


@pytest.fixture
def returns(
    aws: Aws, cloud: Cloud, function: tuple[str, list[bytes]], route: tuple[str, str]
) -> Callable[[str], tuple[int, Any]]:
    """The response of a deployed route whose function returns this JSON."""
    api, name = route
    _permit(aws, name, f"{api}/*")

    def get(text: str) -> tuple[int, Any]:
        function[1].append(text.encode())
        answer = send(f"{cloud.url}/restapis/{api}/s/_user_request_/")
        return answer.status, answer.text if answer.status < 400 else json.loads(answer.body)

    return get


def _permit(aws: Aws, name: str, route: str, **changed: str) -> None:
    """Let API Gateway call a function for a route, by the only statement."""
    functions = aws("lambda")
    with suppress(functions.exceptions.ResourceNotFoundException):
        functions.remove_permission(FunctionName=name, StatementId="s")
    statement = {"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com", **changed}
    source = f"arn:aws:execute-api:{REGION}:000000000000:{route}"
    functions.add_permission(FunctionName=name, StatementId="s", SourceArn=source, **statement)


def test_a_function_is_called_for_what_its_policy_allows(
    aws: Aws, cloud: Cloud, function: tuple[str, list[bytes]], route: tuple[str, str]
) -> None:
    """Else the answer is that of an API that is configured wrongly; an alias has a policy of its own."""
    api, name = route
    function[1].append(b'{"statusCode": 200}')

    def status(path: str = "/items/5") -> int:
        answer = send(f"{cloud.url}/restapis/{api}/s/_user_request_{path}")
        assert answer.status == 200 or json.loads(answer.body) == {"message": "Internal server error"}
        return answer.status

    def permitted(route: str, **changed: str) -> int:
        _permit(aws, name, route, **changed)
        return status()

    assert status() == 500
    routes = (f"{api}/s/GET/items/*", f"{api}/*/*/items/*", f"{api}/*", f"{api}/?/G?T/*", "*")
    assert {route: permitted(route) for route in routes} == dict.fromkeys(routes, 200)
    wrong = (f"{api}/t/GET/items/*", f"{api}/s/POST/items/*", f"{api}/s/GET/items", f"{api}/s/GET/items/{{id}}", "x/*")
    assert {route: permitted(route) for route in wrong} == dict.fromkeys(wrong, 500)
    assert permitted("*", Principal="events.amazonaws.com") == permitted("*", Action="lambda:GetFunction") == 500
    assert permitted(f"{api}/s/GET/") == 500
    assert status("/") == 200

    client, functions = aws("apigateway"), aws("lambda")
    functions.publish_version(FunctionName=name)
    arn = functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")["AliasArn"]
    (root,) = (item["id"] for item in client.get_resources(restApiId=api)["items"] if item["path"] == "/")
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}/invocations"
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_integration(**method, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    assert status("/") == 500
    _permit(aws, name, f"{api}/s/GET/", Qualifier="live")
    assert status("/") == 200


def test_what_is_no_proxy_response_is_a_502(returns: Callable[[str], tuple[int, Any]]) -> None:
    """As in API Gateway: five optional keys and no others; bodies and headers are strings."""
    malformed = [
        "5",
        "null",
        '"text"',
        '"{\\"statusCode\\": 200}"',
        "[1]",
        "true",
        '{"hello": "world"}',
        '{"statusCode": "ok"}',
        '{"statusCode": null}',
        '{"statusCode": 7}',
        '{"statusCode": 200, "body": {"a": 1}}',
        '{"statusCode": 200, "headers": {"X": 1}}',
        '{"statusCode": 200, "headers": []}',
        '{"statusCode": 200, "multiValueHeaders": {"X": "a"}}',
    ]
    assert {text: returns(text) for text in malformed} == dict.fromkeys(malformed, MALFORMED)
    assert returns("{}") == (200, "")
    assert returns('{"body": "b"}') == (200, "b")
    assert returns('{"statusCode": "201", "headers": {"X": "a"}, "body": "b", "isBase64Encoded": false}') == (201, "b")
