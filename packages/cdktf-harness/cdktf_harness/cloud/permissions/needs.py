"""The IAM actions and resources of a call.

ministack 1.5.33 evaluates policies well (core/iam_evaluator.py), and knows the actions of S3. For the services here it
takes some calls of Lambda for others (core/iam_actions.py 454), `*` as the resource of many calls (1065), and no action
that a call needs beside its own: to tag what it creates, to pass a role, to push an image.

Each call and its actions are in the Service Authorization Reference, "API operations" of each service:
https://docs.aws.amazon.com/service-authorization/latest/reference/ ; those of a push are in ECR's guide, "IAM
permissions for pushing an image".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from cdktf_harness.cloud.aws_requests import Call

# By service: what names the resource in a request, and its ARN. {} is the value; an ARN is taken as it is.
_RESOURCES: dict[str, dict[str, str]] = {
    "budgets": {"BudgetName": "budgets::{account}:budget/{}", "ResourceARN": "{}"},
    "cloudwatch": {
        "AlarmName": "cloudwatch:{region}:{account}:alarm:{}",
        "AlarmNames": "cloudwatch:{region}:{account}:alarm:{}",
        "DashboardName": "cloudwatch::{account}:dashboard/{}",
        "DashboardNames": "cloudwatch::{account}:dashboard/{}",
        "ResourceARN": "{}",
    },
    "ecr": {
        "repositoryName": "ecr:{region}:{account}:repository/{}",
        "repositoryNames": "ecr:{region}:{account}:repository/{}",
        "resourceArn": "{}",
    },
    "events": {
        "Name": "events:{region}:{account}:rule/{}",
        "Rule": "events:{region}:{account}:rule/{}",
        "ResourceARN": "{}",
    },
    "iam": {"RoleName": "iam::{account}:role/{}"},
    "kms": {"KeyId": "kms:{region}:{account}:key/{}"},
    "lambda": {
        "FunctionName": "lambda:{region}:{account}:function:{}",
        "Resource": "{}",
        "UUID": "lambda:{region}:{account}:event-source-mapping:{}",
    },
    "logs": {"logGroupName": "logs:{region}:{account}:log-group:{}", "resourceArn": "{}"},
    "sns": {"TopicArn": "{}", "Name": "sns:{region}:{account}:{}", "ResourceArn": "{}"},
    "wafv2": {"WebACLArn": "{}", "ResourceArn": "{}"},
}
# What names a part of the resource, and what is before it in the ARN.
_PARTS = {"FunctionName": ("Qualifier", ":"), "logGroupName": ("logStreamName", ":log-stream:")}
SERVICES = frozenset(_RESOURCES) | {"apigateway", "apigatewayv2"}
# Calls whose parameters are in a structure.
_INSIDE = {"budgets:CreateBudget": "Budget", "budgets:UpdateBudget": "NewBudget"}
# Calls that AWS checks against something else than what they name.
_OTHERWISE = {
    "cloudwatch:DescribeAlarms": "cloudwatch:{region}:{account}:alarm:*",
    "logs:DescribeLogGroups": "logs:{region}:{account}:log-group:*",
}
# Actions with another name than the call.
_ACTIONS = (
    (re.compile("lambda:Invoke$"), "lambda:InvokeFunction"),
    (re.compile("budgets:Describe"), "budgets:ViewBudget"),
    (re.compile("budgets:(Create|Update|Delete)"), "budgets:ModifyBudget"),
)
# The tags of a new resource need an action of their own, which has another name in IAM.
_TAGS = {"iam": "iam:TagRole"}
_ROLE_KEYS = {"PolicyArn": "iam:PolicyARN", "PermissionsBoundary": "iam:PermissionsBoundary"}
# The ECR actions of a request to the image registry, by method and a part of the path.
_REGISTRY = (
    ("HEAD", "blobs", "BatchCheckLayerAvailability"),
    ("GET", "blobs", "GetDownloadUrlForLayer"),
    ("POST", "blobs", "InitiateLayerUpload"),
    ("PATCH", "blobs", "UploadLayerPart"),
    ("PUT", "blobs", "CompleteLayerUpload"),
    ("PUT", "manifests", "PutImage"),
    ("GET", "manifests", "BatchGetImage"),
    ("HEAD", "manifests", "BatchGetImage"),
)
_REPOSITORY = re.compile(r"/v2/(.+?)/(blobs|manifests)/.*")
_QUERY_TAG = re.compile(r"Tags\.member\.(\d+)\.(Key|Value)")


@dataclass(frozen=True)
class Need:
    """An action on a resource, with what conditions of a policy may ask for."""

    action: str
    resource: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a call arrives."""

    region: str
    account: str

    def arn(self, template: str, value: str = "") -> str:
        """Fill in what follows `arn:aws:`; a value that is an ARN is the result."""
        if value.startswith("arn:"):
            return value
        return "arn:aws:" + template.format(value, region=self.region, account=self.account)


def of_call(call: Call, method: str, path: str, given: Mapping[str, Any], place: Place) -> Iterator[Need]:
    """Yield what a call of one of `SERVICES` needs; `given` are its parameters."""
    service, operation = call.service, call.operation
    tags = _tags(given)
    context: dict[str, Any] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    context |= {"aws:TagKeys": list(tags)} if tags else {}
    for parameter, key in _ROLE_KEYS.items() if service == "iam" else ():
        context |= {key: given[parameter]} if given.get(parameter) else {}
    if operation == "CreateEventSourceMapping":
        yield Need(call.name, "*", {**context, "lambda:FunctionArn": given["FunctionName"]})
        return
    if service.startswith("apigateway"):
        yield from _of_api(method, unquote(path), given, tags, context, place)
        return
    resources = list(_resources(call.name, given, place))
    action = next((action for pattern, action in _ACTIONS if pattern.match(call.name)), call.name)
    yield from (Need(action, resource, context) for resource in resources)
    if tags and not operation.startswith(("Tag", "Untag")):
        yield from (Need(_TAGS.get(service, f"{service}:TagResource"), resource, context) for resource in resources)
    if service == "lambda" and given.get("Role"):
        yield Need("iam:PassRole", given["Role"], {"iam:PassedToService": "lambda.amazonaws.com"})
    if operation in ("AssociateWebACL", "DisassociateWebACL"):
        yield Need("apigateway:SetWebACL", given["ResourceArn"])


def of_registry(method: str, path: str, place: Place) -> Iterator[Need]:
    """Yield what a request to the image registry needs."""
    if found := _REPOSITORY.fullmatch(path):
        resource = place.arn("ecr:{region}:{account}:repository/{}", found[1])
        yield from (Need(f"ecr:{name}", resource) for *what, name in _REGISTRY if what == [method, found[2]])


def _resources(call: str, given: Mapping[str, Any], place: Place) -> Iterator[str]:
    if template := _OTHERWISE.get(call):
        yield place.arn(template)
        return
    named = False
    if member := _INSIDE.get(call):
        given = found if isinstance(found := given.get(member), dict) else {}
    for parameter, template in _RESOURCES[call.partition(":")[0]].items():
        for value in _values(given, parameter):
            named = True
            part = given.get(_PARTS.get(parameter, ("", ""))[0])
            yield place.arn(template, value) + (f"{_PARTS[parameter][1]}{part}" if part else "")
    if not named:
        yield "*"


def _values(given: Mapping[str, Any], parameter: str) -> list[str]:
    """The values of a parameter; the query protocol numbers those of a list."""
    value = given.get(parameter)
    if isinstance(value, list):
        return [str(one) for one in value]
    numbered = [str(one) for key, one in given.items() if key.startswith(f"{parameter}.member.")]
    return [value] if isinstance(value, str) and value else numbered


def _of_api(
    method: str, path: str, given: Mapping[str, Any], tags: Mapping[str, str], context: dict[str, Any], place: Place
) -> Iterator[Need]:
    """API Gateway: the action is the method, the resource is the path (API Gateway's guide, "Resource format")."""
    path = path.removeprefix("/v2").rstrip("/")
    if path.startswith("/tags/"):
        path = "/tags/" + quote(path.removeprefix("/tags/"), safe="")
    yield Need(f"apigateway:{method}", place.arn("apigateway:{region}::{}", path), context)
    if tags and method == "POST":
        new = quote(place.arn("apigateway:{region}::{}", f"{path}/*"), safe="*")
        yield Need("apigateway:PUT", place.arn("apigateway:{region}::{}", f"/tags/{new}"), context)
    for operation in given.get("patchOperations", ()):
        if path == "/account" and operation.get("path") == "/cloudwatchRoleArn" and operation.get("value"):
            yield Need("iam:PassRole", operation["value"], {"iam:PassedToService": "apigateway.amazonaws.com"})


def _tags(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags in a request; each service has its own format."""
    tags = given.get("Tags") or given.get("tags") or given.get("ResourceTags") or {}
    if isinstance(tags, list):
        return {tag.get("Key", tag.get("TagKey")): tag.get("Value", tag.get("TagValue", "")) for tag in tags}
    if tags:
        return dict(tags)
    parts = {found.groups(): str(value) for key, value in given.items() if (found := _QUERY_TAG.fullmatch(key))}
    return {value: parts.get((number, "Value"), "") for (number, kind), value in parts.items() if kind == "Key"}
