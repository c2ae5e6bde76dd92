"""The README's app synthesizes; what a user can get wrong is refused in one line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.synthesis.sources import lazily
from cdktf_lambda_api import StateError, commit, literal, resources
from cdktf_lambda_api.routes import parse

README = (Path(__file__).parents[1] / "README.md").read_text()
(MAIN,) = re.findall(r"^```python\n(# main\.py\n.*?)^```$", README, re.M | re.S)
(SETTINGS,) = re.findall(r"^```json\n(.*?)^```$", README, re.M | re.S)
PROTECT = (
    "from cdktf_lambda_api import protect\nfrom cdktf_lambda_api.protection import PROTECTED\n"
    "protect(app, [*PROTECTED, 'aws_lambda_function'])\n"
)
DOMAIN = (
    "from cdktf_lambda_api import Domain\narn = 'arn:aws:acm:eu-central-1:000000000000:certificate/1'\n"
    "named = {'name': 'api.example.com', 'certificate_arn': arn, 'base_path': 'v1'}\n"
    "Domain(stack, 'domain', api=api, cloud=cloud, **named)\n"
)
BUDGET = (
    "from cdktf_lambda_api import Budget\n"
    "Budget(stack, 'budget', name='hello', monthly_usd=50, tag=('Stage', 'prod'), emails=['ops@example.com'])\n"
)


def run(folder: Path, program: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run an app in a folder that has an image."""
    (folder / "image").mkdir()
    (folder / "image" / "Containerfile").write_text("FROM scratch\n")
    (folder / "main.py").write_text(program)
    context = json.dumps(json.loads(SETTINGS)["context"])
    variables = lazily({"PATH": str(Path(sys.executable).parent), "CDKTF_CONTEXT_JSON": context, **env})
    return subprocess.run(
        [sys.executable, "main.py"], cwd=folder, env=variables, capture_output=True, text=True, check=False
    )


def attributes(document: dict[str, Any], type_: str, name: str) -> list[Any]:
    """The values of an argument of all resources of a type."""
    return [values[name] for values in document["resource"][type_].values()]


def test_the_readmes_app_with_an_embedded_cloud(tmp_path: Path) -> None:
    """Both routes, their function and its image, in a cloud at a URL; types that the user names are protected, too."""
    done = run(
        tmp_path, MAIN.replace("app.synth()", f"{DOMAIN}{PROTECT}{BUDGET}app.synth()"), CLOUD="http://localhost:4567"
    )
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads((tmp_path / "cdktf.out" / "stacks" / "hello" / "cdk.tf.json").read_text())
    assert sorted(attributes(document, "aws_api_gateway_resource", "path_part")) == ["hello", "names"]
    assert attributes(document, "aws_api_gateway_method", "http_method") == ["GET", "POST"]
    (budget,) = document["resource"]["aws_budgets_budget"].values()
    assert (budget["name"], budget["limit_amount"]) == ("hello-monthly", "50")
    assert budget["cost_filter"] == [{"name": "TagKeyValue", "values": ["user:Stage$prod"]}]
    alerts = [(one["notification_type"], one["threshold"]) for one in budget["notification"]]
    assert alerts == [("ACTUAL", 80), ("FORECASTED", 100)]
    (function,) = document["resource"]["aws_lambda_function"].values()
    assert function["environment"] == {"variables": {"GREETING": "Hello"}}
    assert function["lifecycle"] == {"prevent_destroy": True}
    (domain,) = document["resource"]["aws_apigatewayv2_domain_name"].values()
    assert (domain["domain_name"], domain["lifecycle"]) == ("api.example.com", {"prevent_destroy": True})
    assert attributes(document, "aws_apigatewayv2_api_mapping", "api_mapping_key") == ["v1"]
    (image,) = document["resource"]["docker_registry_image"].values()
    (build,) = image["build"]
    assert build["target"] == "emulated"
    assert image["name"].startswith("localhost:4567/")
    assert (tmp_path / "cdktf.out" / "stacks" / "hello" / build["context"] / "Containerfile").exists()
    (provider,) = document["provider"]["aws"]
    assert set(provider["endpoints"][0].values()) == {"http://localhost:4567"}
    assert document["variable"]["secret_key"] == {"ephemeral": True, "sensitive": True, "type": "string"}
    assert re.fullmatch("http://localhost:4567/restapis/.*/hello", document["output"]["url"]["value"])


# After the construct, in another scope.
FURTHER = """
from cdktf import TerraformVariable
from cdktf_cdktf_provider_aws.api_gateway_authorizer import ApiGatewayAuthorizer
from cdktf_cdktf_provider_aws.api_gateway_model import ApiGatewayModel
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi
own = dict(rest_api_id=api.resource.id)
role = TerraformVariable(stack, "role", type="string").string_value
names = TerraformVariable(stack, "names", type="list(string)").list_value
ApiGatewayModel(stack, "model", name="m", content_type="application/json", schema='${"$"}{x} "%%{y}"', **own)
model = ApiGatewayModel(stack, "n", name="n", content_type="text/plain", **own)
who = dict(provider_arns=names, authorizer_credentials=role, rest_api_id=model.rest_api_id)
ApiGatewayAuthorizer(stack, "who", name="w", **who)
api.resource.add_override("minimum_compression_size", "5")
other = ApiGatewayRestApi(stack, "other", name="other", tags={"A": "b"})
ApiGatewayModel(stack, "others", name="m", content_type="application/json", rest_api_id=other.id)
app.synth()
"""


def test_the_deployment_changes_with_all_that_it_copies(tmp_path: Path) -> None:
    """With every argument of every resource of the API, exactly as it is in the resource; and after all of them."""
    done = run(tmp_path, MAIN.replace("app.synth()", FURTHER))
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads((tmp_path / "cdktf.out" / "stacks" / "hello" / "cdk.tf.json").read_text())
    ((name, definition),) = document["locals"].items()
    assert attributes(document, "aws_api_gateway_deployment", "triggers") == [
        {"definition": f"${{sha1(jsonencode(local.{name}))}}"}
    ]
    live = ("deployment", "stage")
    resources = {
        f"{type_}.{id_}": {key: value for key, value in values.items() if key not in ("//", "lifecycle", "depends_on")}
        for type_, those in document["resource"].items()
        for id_, values in those.items()
        if type_.startswith("aws_api_gateway_") and not type_.endswith(live) and not id_.startswith("other")
    }
    assert definition == {key: {**values, "id": f"${{{key}.id}}"} for key, values in resources.items()}
    kinds = ("authorizer", "gateway_response", "integration", "method", "model", "resource", "rest_api")
    assert {key.partition(".")[0] for key in definition} == {f"aws_api_gateway_{kind}" for kind in kinds}


WRITTEN = "It should be a method and a path without a slash at its end, for example 'GET /time' or 'ANY /items/{id}'"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "got none. API Gateway does not deploy an API without methods"),
        *(
            ([route], f"got {route!r}. {WRITTEN}")
            for route in (
                "/hello",
                "get /a",
                "FETCH /a",
                "GET /a/",
                "GET /a//b",
                "GET /a?x=1",
                "GET /{a",
                "GET /{a+}/b",
            )
        ),
        # They have one name for Terraform, or one place for API Gateway.
        (["GET /a-b", "GET /a/b"], "got '/a-b' and '/a/b'. An API has one of them: rename one"),
        (["GET /a/{b}", "POST /a/{c}/d"], "got '/a/{b}' and '/a/{c}'. An API has one of them: rename one"),
    ],
)
def test_a_route_that_is_none_is_refused(given: list[str], says: str) -> None:
    """The error says which one, and what is right."""
    with pytest.raises(ValueError, match=f"^routes: {re.escape(says)}$"):
        parse(given)


def test_a_request_of_each_route_may_call_its_function() -> None:
    """The ARN in the permission has a `*` for what a request decides."""
    routes = parse(["GET /", "GET /a", "PUT /a/{b}/c", "ANY /d/{rest+}"])
    assert [route.called for route in routes] == ["GET/", "GET/a", "PUT/a/*/c", "*/d/*"]


def test_arguments_that_aws_would_refuse_are_refused(tmp_path: Path) -> None:
    """Before anything is deployed, with the argument's name and what is right."""
    tries = """
from typing import Any
from cdktf_lambda_api import Access, Domain, HttpApi, Route, Traffic
def refused(number: int, **arguments: Any) -> None:
    try:
        if "images_kept" in arguments:
            Repository(stack, f"r{number}", name="x", cloud=cloud, **arguments)
        elif "environment" in arguments:
            Function(stack, f"f{number}", name="x", image=image, **arguments)
        elif "route" in arguments:
            given = {"GET /x": Route(function, **arguments["route"])}
            HttpApi(stack, f"h{number}", name="x", stage="v1", cloud=cloud, routes=given)
        elif "domain" in arguments:
            Domain(stack, f"d{number}", name="x.example.com", api=api, cloud=cloud)
        elif "api_key" in arguments:
            routes = {"GET /x": function}
            http = HttpApi(stack, f"h{number}", name="x", stage="v1", cloud=cloud, routes=routes)
            Access(stack, f"a{number}", api=http, rate_limit=1, burst_limit=1, **arguments)
        else:
            Traffic(**arguments)
    except ValueError as error:
        print(error)
for number, arguments in enumerate([
    *({"environment": {"A": 1}}, {"main_version": "LATEST"}, {"canary": 10}, {"images_kept": 0}),
    *({"route": {"auth": "key"}}, {"route": {"model": {"type": "object"}}}, {"route": {"auth": "token"}}),
    *({"api_key": True}, {"api_key": False, "web_acl_arn": "arn"}, {"domain": True}),
]):
    refused(number, **arguments)
"""
    done = run(tmp_path, MAIN.replace("app.synth()", tries))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "environment: got 1 for A. It should be a text",
        "main_version: got 'LATEST'. It should be the number of a version, or empty",
        "canary: got 10. It should be a share from 0 to below 1",
        "images_kept: got 0. It should be 1 or more",
        "routes: got 'GET /x' with an API key. HTTP APIs have none: remove it, or use RestApi",
        "routes: got 'GET /x' with a request model. HTTP APIs have none: remove it, or use RestApi",
        "auth: got 'token'. It should be one of none, iam, token; 'token' needs an Issuer",
        *2 * ["api_key, requests_per_day, web_acl_arn: x is an HTTP API. Use RestApi for them"],
        "certificate_arn, zone_id: got neither for x.example.com. Name a certificate, or a zone for one",
    ]


def test_a_text_is_no_template() -> None:
    """Terraform gets what it would evaluate as a quoted text; all else is as it was."""
    assert literal("${name} %{if x} $$ %d {a}") == '${"$"}{name} ${"%"}{if x} $$ %d {a}'


def test_a_folder_outside_of_a_checkout_has_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An image's tag is then without one, as on a machine without git."""
    assert commit(tmp_path) == ""
    monkeypatch.setenv("PATH", "")
    assert commit(tmp_path) == ""


def test_a_damaged_state_is_told(tmp_path: Path) -> None:
    """No state and an empty one have no resources; another file is no state."""
    file = tmp_path / "terraform.tfstate"
    assert resources(file) == []
    file.write_text("")
    assert resources(file) == []
    file.write_text("[]")
    with pytest.raises(StateError, match=f"^{re.escape(str(file))}: expected a state of Terraform; restore that file$"):
        resources(file)
