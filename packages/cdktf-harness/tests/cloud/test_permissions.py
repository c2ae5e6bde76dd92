"""A cloud that evaluates IAM policies asks for what AWS asks for."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from signed import send_signed

from cdktf_harness.cloud import ACCOUNT, Cloud, Credentials
from cdktf_harness.cloud.permissions import decisions
from cdktf_harness.system.http import send

REGION = "eu-central-1"
OURS = {"Stage": "dev"}
AMZ = "application/x-amz-json-1.1"
BUDGETS = json.dumps({"AccountId": ACCOUNT, "BudgetName": "hers", "Budget": {"BudgetName": "own"}})
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The cloud, as the root user of its account."""
    with Cloud(tmp_path_factory.mktemp("cloud"), REGION).start(enforced=True) as cloud:
        yield cloud


class Principal:
    """A user with the given rights only."""

    def __init__(self, account: Cloud, name: str, *rights: dict[str, Any]) -> None:
        self._account = account
        iam = account.client("iam")
        iam.create_user(UserName=name)
        statements = [{"Effect": "Allow", "Resource": "*", **one} for one in rights]
        document = {"Version": "2012-10-17", "Statement": statements}
        iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=json.dumps(document))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        self.keys = Credentials(key["AccessKeyId"], key["SecretAccessKey"])

    def client(self, service: str) -> Any:
        """A client of this user."""
        return self._account.client(
            service, aws_access_key_id=self.keys.access_key_id, aws_secret_access_key=self.keys.secret_access_key
        )

    def refused(self, service: str, call: str, **arguments: Any) -> str:
        """The action and resource that a call was refused for; empty if it was not."""
        from botocore.exceptions import ClientError

        try:
            getattr(self.client(service), call)(**arguments)
        except ClientError as error:
            said = error.response["Error"].get("Message") or str(error)
            if "not authorized to perform: " in said:
                needs = said.partition("not authorized to perform: ")[2].partition(" because ")[0]
                return str(needs.replace(" on resource: ", " "))
        return ""


def test_a_call_needs_its_own_action_on_its_own_resource(account: Cloud) -> None:
    """Of services whose calls ministack takes for others, or for calls of no resource."""
    nobody = Principal(account, "nobody", {"Action": "sts:GetCallerIdentity"})
    here, stage = f"{REGION}:{ACCOUNT}", {"restApiId": "a", "stageName": "s"}
    function, alarms = f"arn:aws:lambda:{here}:function:f", f"arn:aws:cloudwatch:{here}:alarm"
    repository, stream = f"arn:aws:ecr:{here}:repository/images", f"arn:aws:logs:{here}:log-group:/g:log-stream:s"
    streamed = {"logGroupName": "/g", "logStreamName": "s"}
    for service, call, arguments, needs in (
        ("lambda", "get_alias", {"FunctionName": "f", "Name": "live"}, f"lambda:GetAlias {function}"),
        ("lambda", "get_policy", {"FunctionName": "f", "Qualifier": "live"}, f"lambda:GetPolicy {function}:live"),
        ("cloudwatch", "delete_alarms", {"AlarmNames": ["a"]}, f"cloudwatch:DeleteAlarms {alarms}:a"),
        ("cloudwatch", "describe_alarms", {}, f"cloudwatch:DescribeAlarms {alarms}:*"),
        ("ecr", "describe_repositories", {"repositoryNames": ["images"]}, f"ecr:DescribeRepositories {repository}"),
        ("logs", "create_log_stream", streamed, f"logs:CreateLogStream {stream}"),
        ("iam", "get_role", {"RoleName": "r"}, f"iam:GetRole arn:aws:iam::{ACCOUNT}:role/r"),
        ("apigateway", "get_stage", stage, f"apigateway:GET arn:aws:apigateway:{REGION}::/restapis/a/stages/s"),
    ):
        assert nobody.refused(service, call, **arguments) == needs


@pytest.mark.parametrize(
    ("service", "method", "path", "body", "headers", "status"),
    [
        ("iam", "GET", "/?Action=AttachUserPolicy&UserName=confused&PolicyArn=a&Version=2010-05-08", "", {}, 403),
        ("iam", "GET", "/?Action=GetRole&RoleName=hers&RoleName=own&Version=2010-05-08", "", {}, 400),
        ("iam", "POST", "/", '{"RoleName": "hers"}', {"X-Amz-Target": "I.GetRole", "Content-Type": AMZ}, 400),
        ("lambda", "GET", "/2015-03-31/functions/hers?FunctionName=own", "", {}, 403),
        ("lambda", "PUT", "/2015-03-31/functions/hers/configuration", '{"FunctionName": "own"}', {}, 403),
        ("lambda", "POST", "/2015-03-31/functions/own/invocations", '{"Qualifier": "live"}', {}, 403),
        ("lambda", "DELETE", "/2015-03-31/functions/own", "", {"X-Amz-Target": "X.ListFunctions"}, 400),
        ("lambda", "GET", "/2015-03-31/no:call", "", {}, 400),
        ("budgets", "POST", "/", BUDGETS, {"X-Amz-Target": "AWSBudgetServiceGateway.DeleteBudget"}, 403),
        ("budgets", "POST", "/", '{"Budget": []}', {"X-Amz-Target": "AWSBudgetServiceGateway.CreateBudget"}, 403),
    ],
)
def test_what_is_checked_is_what_is_done(
    account: Cloud, service: str, method: str, path: str, body: str, headers: dict[str, str], status: int
) -> None:
    """A request that names a call or a resource in two places has the rights of neither; no SDK sends it."""
    confused = Principal(
        account,
        f"confused-{uuid4().hex}",
        {"Action": "iam:GetRole", "Resource": f"arn:aws:iam::{ACCOUNT}:role/own"},
        {"Action": "lambda:*", "Resource": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:own:live"},
        {"Action": ["lambda:GetFunction", "lambda:UpdateFunctionConfiguration", "lambda:ListFunctions"]}
        | {"Resource": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:own"},
        {"Action": "budgets:*", "Resource": f"arn:aws:budgets::{ACCOUNT}:budget/own"},
    )
    given = {"Content-Type": AMZ, **headers} if body else headers
    sent = {"method": method, "body": body.encode(), "headers": given, "service": service, "region": REGION}
    answer = send_signed(f"{account.url}{path}", confused.keys, **sent)  # type: ignore[arg-type]
    assert answer.status == status, answer.text


def test_tags_of_what_is_created_need_an_action(account: Cloud) -> None:
    """Without the right to tag, only what has no tags can be created."""
    maker = Principal(account, "maker", {"Action": ["ecr:CreateRepository", "apigateway:POST", "sns:CreateTopic"]})
    tags = [{"Key": "Stage", "Value": "dev"}]
    assert maker.refused("ecr", "create_repository", repositoryName="tagged", tags=tags).startswith("ecr:TagResource")
    assert maker.refused("sns", "create_topic", Name="tagged", Tags=tags).startswith("sns:TagResource")
    assert maker.refused("apigateway", "create_rest_api", name="tagged", tags=OURS).startswith("apigateway:PUT")
    assert maker.refused("ecr", "create_repository", repositoryName="plain") == ""


def test_a_role_must_be_passed(account: Cloud) -> None:
    """By the right to pass this role to this service."""
    account.client("iam").create_role(RoleName="runs", AssumeRolePolicyDocument=json.dumps({"Statement": [TRUST]}))
    role = f"arn:aws:iam::{ACCOUNT}:role/runs"
    code = {"PackageType": "Image", "Code": {"ImageUri": "localhost:1/a@sha256:1"}}
    only = {"StringEquals": {"iam:PassedToService": "apigateway.amazonaws.com"}}
    passing = {"Action": "iam:PassRole", "Condition": only}
    other = Principal(account, "other", {"Action": "lambda:CreateFunction"}, passing)
    assert other.refused("lambda", "create_function", FunctionName="f", Role=role, **code) == f"iam:PassRole {role}"


def test_what_is_part_of_an_api_has_its_tags(account: Cloud) -> None:
    """For conditions of policies, as on AWS."""
    apis = account.client("apigateway")
    ours, theirs = (apis.create_rest_api(name=stage, tags={"Stage": stage})["id"] for stage in ("dev", "prod"))
    condition = {"StringEquals": {"aws:ResourceTag/Stage": "dev"}}
    owner = Principal(account, "owner", {"Action": "apigateway:*", "Condition": condition})
    assert owner.refused("apigateway", "get_resources", restApiId=ours) == ""
    assert owner.refused("apigateway", "get_resources", restApiId=theirs).startswith("apigateway:GET")
    arn = f"arn:aws:apigateway:{REGION}::/restapis/{theirs}"
    assert owner.refused("apigateway", "tag_resource", resourceArn=arn, tags=OURS).startswith("apigateway:PUT")


def test_a_push_needs_the_rights_of_who_got_the_token(account: Cloud) -> None:
    """A token of ECR is that of a principal, and cannot be made into another one's."""
    account.client("ecr").create_repository(repositoryName="images")
    reader = Principal(account, "reader", {"Action": ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"]})
    (given,) = reader.client("ecr").get_authorization_token()["authorizationData"]
    token = given["authorizationToken"]

    def status(method: str, path: str, token: str) -> int:
        headers = {"Authorization": f"Basic {token}"}
        return send(f"{account.url}/v2/images/{path}", method=method, headers=headers).status

    assert status("GET", "manifests/none", token) == 404
    assert status("POST", "blobs/uploads/", token) == 403
    root = account.credentials.access_key_id
    stolen = base64.b64encode(base64.b64decode(token).rpartition(b":")[0] + b":" + root.encode()).decode()
    shortened = base64.b64encode(base64.b64decode(token).rpartition(b":")[0]).decode()
    assert [status("POST", "blobs/uploads/", other) for other in (stolen, shortened)] == [401, 401]


def test_the_decisions_are_noted(account: Cloud) -> None:
    """With the tags of the request, and what another policy would have decided."""
    maker = Principal(account, "noted", {"Action": "ecr:*"})
    maker.client("ecr").create_repository(repositoryName="noted", tags=[{"Key": "Stage", "Value": "dev"}])
    created, tagged = decisions.read(account.folder, maker.keys.access_key_id)
    assert (created.action, tagged.action, tagged.allowed) == ("ecr:CreateRepository", "ecr:TagResource", True)
    assert tagged.context["aws:RequestTag/Stage"] == "dev"
    condition = {"StringEquals": {"aws:RequestTag/Stage": "prod"}}
    statement = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*", "Condition": condition}
    assert not decisions.decider({"Statement": [statement]})(tagged)
