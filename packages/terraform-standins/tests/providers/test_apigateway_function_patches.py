"""The functions that API Gateway calls: the embedded cloud takes the permissions and responses that AWS takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from elsewhere import answering
from http_server import Request, Response

from cdktf_harness.cloud import Cloud
from cdktf_harness.system.http import send

from .workspace import REGION

Aws = Callable[[str], Any]
MALFORMED = (502, {"message": "Internal server error"})
pytestmark = pytest.mark.usefixtures("workspace")  # which empties the cloud after each test


@pytest.fixture
def function(aws: Aws) -> Iterator[tuple[str, list[bytes]]]:
    """The ARN of a function, and its results: it returns the last one of the list, or fails with it."""
    returned: list[bytes] = []

    def respond(_: Request) -> Response:
        return Response(returned[-1], status=500 if returned[-1].startswith(b"failed") else 200)

    with answering(aws("lambda"), "returns", respond) as arn:
        yield arn, returned


@pytest.fixture
def route(aws: Aws, function: tuple[str, list[bytes]]) -> tuple[str, str]:
    """The id of an API, and the name of the function that its GET of / and of /items/{id} on the stage `s` calls."""
    client = aws("apigateway")
    api = client.create_rest_api(name="a")
    path = [api["rootResourceId"]]
    for part in ("items", "{id}"):
        path.append(client.create_resource(restApiId=api["id"], parentId=path[-1], pathPart=part)["id"])
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function[0]}/invocations"
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
    client.create_deployment(restApiId=api, stageName="s")
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
        '{"headers": {"X": "a\\r\\nY: b"}}',
        '{"headers": {"a b": "c"}}',
        '{"multiValueHeaders": {"X": ["a\\u0000"]}}',
    ]
    assert {text: returns(text) for text in malformed} == dict.fromkeys(malformed, MALFORMED)
    assert returns("{}") == (200, "")
    assert returns('{"body": "b"}') == (200, "b")
    assert returns('{"body": "b", "headers": {"X": " a\\t", "Y": "é🙂"}}') == (200, "b")
    assert returns('{"statusCode": "201", "headers": {"X": "a"}, "body": "b", "isBase64Encoded": false}') == (201, "b")


def test_the_reason_of_a_failed_call_is_one_text_of_the_access_log(
    aws: Aws, returns: Callable[[str], tuple[int, Any]], route: tuple[str, str]
) -> None:
    """A line of the log in JSON can be read, whatever a function says."""
    logs = aws("logs")
    logs.create_log_group(logGroupName="access")
    settings = {
        "destinationArn": f"arn:aws:logs:{REGION}:000000000000:log-group:access",
        "format": '{"error": "$context.integration.error"}',
    }
    changes = [{"op": "replace", "path": f"/accessLogSettings/{key}", "value": text} for key, text in settings.items()]
    aws("apigateway").update_stage(restApiId=route[0], stageName="s", patchOperations=changes)
    assert returns('failed: a "first" line\nand more')[0] == 502
    (event,) = logs.filter_log_events(logGroupName="access")["events"]
    assert json.loads(event["message"])["error"].endswith(': a "first" line')
