"""Deployed APIs answer as on AWS: by their settings, and with who called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from elsewhere import answering
from http_server import Request, Response, serving
from signed import send_signed

from .conftest import Running, add_route
from .test_attacks import Request as Signed

DOMAIN = "closed.example.test"


@pytest.fixture
def rest(running: Running) -> Iterator[dict[str, Any]]:
    """A REST API whose GET of / answers 204 in the stage `s`, and of /first 100, as arguments of calls for /."""
    client = running.client("apigateway")
    api = client.create_rest_api(name="answers")
    method = add_route(client, api["id"], api["rootResourceId"], status=204)
    add_route(client, api["id"], api["rootResourceId"], "first", status=100)
    client.create_deployment(restApiId=api["id"], stageName="s")
    yield method
    client.delete_rest_api(restApiId=api["id"])


@pytest.fixture
def http_api(running: Running) -> Iterator[str]:
    """An HTTP API without routes, with CORS."""
    client = running.client("apigatewayv2")
    cors = {"AllowOrigins": ["https://example.test"], "AllowMethods": ["GET"]}
    api = client.create_api(Name="answers", ProtocolType="HTTP", CorsConfiguration=cors)["ApiId"]
    client.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    yield api
    client.delete_api(ApiId=api)


def test_an_answer_without_content_has_no_length(running: Running, rest: dict[str, Any], http_api: str) -> None:
    """RFC 9110, 8.6: of a route that answers 204, and of a preflight request."""
    route = running.ask("GET", f"/restapis/{rest['restApiId']}/s/_user_request_/")
    origin = {"Origin": "https://example.test", "Access-Control-Request-Method": "GET"}
    preflight = running.ask("OPTIONS", "/", Host=f"{http_api}.execute-api.{running.host}", **origin)
    assert [route.status, preflight.status] == [204, 204]
    assert preflight.headers["Access-Control-Allow-Origin"] == "https://example.test"
    assert not {"content-length", "transfer-encoding"} & {name.lower() for name in (*route.headers, *preflight.headers)}


def test_a_route_has_a_final_status(running: Running, rest: dict[str, Any]) -> None:
    """API Gateway's models allow 100, after which a client waits for another answer."""
    assert running.ask("GET", f"/restapis/{rest['restApiId']}/s/_user_request_/first").status == 500


def test_a_function_gets_who_signed_the_request(running: Running, rest: dict[str, Any], http_api: str) -> None:
    """In the formats of REST APIs and of HTTP APIs."""
    gateway, http, functions = (running.client(name) for name in ("apigateway", "apigatewayv2", "lambda"))
    events: list[Any] = []

    def respond(request: Request) -> Response:
        events.append(json.loads(request.body))
        return Response(b'{"statusCode": 200}')

    with answering(functions, "who", respond) as arn:
        permission = {"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com"}
        functions.add_permission(FunctionName="who", StatementId="s", **permission)
        uri = f"arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/{arn}/invocations"
        method = {**rest, "httpMethod": "POST"}
        gateway.put_method(**method, authorizationType="AWS_IAM")
        gateway.put_integration(**method, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
        gateway.create_deployment(restApiId=rest["restApiId"], stageName="s")
        paths = [f"/restapis/{rest['restApiId']}/s/_user_request_/"]
        for payload in ("1.0", "2.0"):
            calls = {"IntegrationType": "AWS_PROXY", "IntegrationUri": arn, "PayloadFormatVersion": payload}
            target = f"integrations/{http.create_integration(ApiId=http_api, **calls)['IntegrationId']}"
            http.create_route(ApiId=http_api, RouteKey=f"POST /{payload}", Target=target, AuthorizationType="AWS_IAM")
            paths.append(f"/_aws/execute-api/{http_api}/$default/{payload}")
        for path in paths:
            answer = send_signed(
                f"{running.process.url}{path}",
                running.process.credentials,
                method="POST",
                service="execute-api",
                region="eu-central-1",
            )
            assert answer.status == 200, answer.text
        functions.delete_function(FunctionName="who")
    first, second, third = (event["requestContext"] for event in events)
    callers = [first["identity"], second["identity"], third["authorizer"]["iam"]]
    own = running.process.credentials.access_key_id, "arn:aws:iam::000000000000:root", "000000000000"
    assert [(caller["accessKey"], caller["userArn"], caller["accountId"]) for caller in callers] == [own] * 3


def test_a_disabled_endpoint_is_forbidden(running: Running, rest: dict[str, Any], http_api: str) -> None:
    """The custom domain of the API is served; a REST API has to be deployed again first."""
    gateway, http = running.client("apigateway"), running.client("apigatewayv2")
    api = rest["restApiId"]
    http.create_domain_name(DomainName=DOMAIN)
    http.create_api_mapping(DomainName=DOMAIN, ApiId=api, Stage="s")
    operation = {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "true"}
    gateway.update_rest_api(restApiId=api, patchOperations=[operation])
    path = f"/restapis/{api}/s/_user_request_/"
    assert running.ask("GET", path).status == 204
    gateway.create_deployment(restApiId=api, stageName="s")
    assert running.ask("GET", "/", Host=f"{http_api}.execute-api.{running.host}").status == 404
    http.update_api(ApiId=http_api, DisableExecuteApiEndpoint=True)
    for asked in ({"path": path}, {"path": "/", "Host": f"{http_api}.execute-api.{running.host}"}):
        answer = running.ask("GET", **asked)
        assert (answer.status, json.loads(answer.body)) == (403, {"message": "Forbidden"})
    assert running.ask("GET", "/", Host=DOMAIN).status == 204
    http.delete_domain_name(DomainName=DOMAIN)


def test_the_url_of_a_function_leads_to_this_cloud(running: Running) -> None:
    """Also the one that a list has."""
    client = running.client("lambda")
    with answering(client, "linked", lambda _: Response(b'{"statusCode": 200, "body": "here"}')):
        url = urlsplit(client.create_function_url_config(FunctionName="linked", AuthType="NONE")["FunctionUrl"])
        listed = client.list_function_url_configs(FunctionName="linked")["FunctionUrlConfigs"]
        assert (url.scheme, url.netloc, listed[0]["FunctionUrl"]) == ("http", running.host, url.geturl())
        assert running.ask("GET", f"{url.path}a").text == "here"


def test_an_api_with_a_target_serves_it(running: Running) -> None:
    """Also after a change of the target: AWS calls that quick create."""
    client = running.client("apigatewayv2")
    with serving(lambda _: Response(b"first")) as first, serving(lambda _: Response(b"second")) as second:
        api = client.create_api(Name="quick", ProtocolType="HTTP", Target=f"http://127.0.0.1:{first}")["ApiId"]
        host = f"{api}.execute-api.{running.host}"
        assert running.ask("GET", "/a/b", Host=host).text == "first"
        client.update_api(ApiId=api, Target=f"http://127.0.0.1:{second}")
        assert running.ask("GET", "/a/b", Host=host).text == "second"
    assert [route["RouteKey"] for route in client.get_routes(ApiId=api)["Items"]] == ["$default"]
    client.delete_api(ApiId=api)


@pytest.mark.parametrize("scheme", ["file", "FILE", "<URL:file", "ftp", "data"])
def test_an_integration_reads_no_files(running: Running, http_api: str, scheme: str) -> None:
    """The answer does not depend on whether a file exists."""
    client = running.client("apigatewayv2")
    answers = []
    for path in ("/etc/hostname", "/etc/missing"):
        proxy = {"IntegrationType": "HTTP_PROXY", "IntegrationMethod": "GET", "PayloadFormatVersion": "1.0"}
        made = client.create_integration(ApiId=http_api, IntegrationUri=f"{scheme}://{path}", **proxy)
        client.create_route(ApiId=http_api, RouteKey=f"GET {path}", Target=f"integrations/{made['IntegrationId']}")
        answer = running.ask("GET", path, Host=f"{http_api}.execute-api.{running.host}")
        answers.append((answer.status, answer.text))
    assert answers[0] == answers[1]
    assert "urlopen error" in answers[0][1]


def test_an_identity_provider_reads_no_files(running: Running) -> None:
    """Nor does the answer of its token endpoint: Cognito asks that with the cloud's own rights."""
    cognito = running.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="files")["UserPool"]["Id"]
    flow: dict[str, Any] = {
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"],
        "AllowedOAuthFlowsUserPoolClient": True,
    }
    back: dict[str, Any] = {"CallbackURLs": ["http://localhost/back"], "SupportedIdentityProviders": ["Files"], **flow}
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="web", **back)["UserPoolClient"]["ClientId"]
    details = {"client_id": "c", "client_secret": "s", "authorize_scopes": "openid", "oidc_issuer": "http://localhost"}
    details |= {"authorize_url": "http://localhost/a", "token_url": "file:///etc/hostname"}
    provider = {"ProviderName": "Files", "ProviderType": "OIDC", "ProviderDetails": details}
    cognito.create_identity_provider(UserPoolId=pool, **provider)
    asked = {"client_id": client, "response_type": "code", "redirect_uri": back["CallbackURLs"][0]}
    query = urlencode({**asked, "identity_provider": "Files", "scope": "openid"})
    sent = Signed("GET", f"/oauth2/authorize?{query}").signed(running, "cognito-idp").sent(running)
    query = urlencode({"code": "x", "state": parse_qs(urlsplit(sent.headers["Location"]).query)["state"][0]})
    answer = Signed("GET", f"/oauth2/idpresponse?{query}").signed(running, "cognito-idp").sent(running)
    assert (answer.status, "begins with http" in answer.text) == (400, True)
