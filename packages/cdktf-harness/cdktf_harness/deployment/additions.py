"""What was added to what Terraform manages: a plan compares only what is in the state.

That is the policies of a role, the statements of a function's policy, and the resources and methods of a REST API. What
a resource declares itself, such as the `body` of an API, Terraform compares.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from cdktf_harness.synthesis.stacks import INDEX, Synthesis
from cdktf_harness.terraform.changes import Drift
from cdktf_harness.terraform.state import Instance

# Terraform reports what is gone; a function without statements has no policy.
_GONE = {"NoSuchEntity", "ResourceNotFoundException", "NotFoundException"}
# A provider adds these with a function URL.
_OF_URL = "FunctionURLAllow"

Client = Callable[[str], Any]
Managed = Callable[[str], list[Mapping[str, Any]]]
# What kind of parts, those in the state, and the real ones.
Parts = Iterator[tuple[str, set[str], set[str]]]


def additions(state: Iterable[Instance], synthesis: Synthesis, client: Client) -> Iterator[Drift]:
    """Yield what was added to each instance of the state of all stacks. Raises botocore's errors."""
    blocks = {block.address: block for stack in synthesis.values() for block in stack.resources()}
    by_type: dict[str, list[Mapping[str, Any]]] = {}
    state = list(state)
    for instance in state:
        by_type.setdefault(instance.type, []).append(instance.values)
    for instance in state:
        if look := _LOOKS.get(instance.type):
            block = blocks.get(INDEX.sub("", instance.address))
            parts = look(instance.values, block.values if block else {}, lambda type_: by_type.get(type_, []), client)
            added = {f"{kind} {part}": (None, "added") for kind, known, real in parts for part in sorted(real - known)}
            path, source = (block.path, block.source) if block else (instance.address, "")
            if added:
                yield Drift(path, instance.address, added, source)


def _role(role: Mapping[str, Any], arguments: Mapping[str, Any], managed: Managed, client: Client) -> Parts:
    name, iam = role["name"], client("iam")
    if not arguments.get("inline_policy"):
        known = {one["name"] for one in managed("aws_iam_role_policy") if one["role"] == name}
        yield "inline policy", known, set(_all(iam, "list_role_policies", "PolicyNames", RoleName=name))
    if not arguments.get("managed_policy_arns"):
        attachments = [*managed("aws_iam_role_policy_attachment"), *managed("aws_iam_policy_attachment")]
        known = {one["policy_arn"] for one in attachments if name in (one.get("role"), *(one.get("roles") or ()))}
        found = _all(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=name)
        yield "attached policy", known, {one["PolicyArn"] for one in found}


def _function(function: Mapping[str, Any], arguments: Mapping[str, Any], managed: Managed, client: Client) -> Parts:
    name, arn, lambda_ = function["function_name"], function["arn"], client("lambda")
    aliases = [one["name"] for one in managed("aws_lambda_alias") if one["function_name"] in (name, arn)]
    versions = [one["Version"] for one in _all(lambda_, "list_versions_by_function", "Versions", FunctionName=name)]
    known, real = set(), set()
    for one in managed("aws_lambda_permission"):
        if name in (parts := one["function_name"].split(":")):
            known.add(_statement(one["qualifier"] or "".join(parts[parts.index(name) + 1 :]), one["statement_id"]))
    for qualifier in {"$LATEST", *versions, *aliases}:
        which = {} if qualifier == "$LATEST" else {"Qualifier": qualifier}
        for policy in _all(lambda_, "get_policy", "Policy", FunctionName=name, **which):
            for one in json.loads(policy)["Statement"]:
                real.add(_statement(one["Resource"].removeprefix(arn).removeprefix(":"), one["Sid"]))
    urls = {one for one in real if _OF_URL in one} if managed("aws_lambda_function_url") else set()
    yield "policy statement", known | urls, real


def _statement(qualifier: str, sid: str) -> str:
    return f"{sid} ({qualifier})" if qualifier else sid


def _rest_api(api: Mapping[str, Any], arguments: Mapping[str, Any], managed: Managed, client: Client) -> Parts:
    if arguments.get("body"):
        return
    arguments = {"restApiId": api["id"], "embed": ["methods"]}
    found = list(_all(client("apigateway"), "get_resources", "items", **arguments))
    ids = {one["id"] for one in managed("aws_api_gateway_resource")}
    methods = {(one["resource_id"], one["http_method"]) for one in managed("aws_api_gateway_method")}
    real = [(one["id"], method, one["path"]) for one in found for method in one.get("resourceMethods", ())]
    known = {one["path"] for one in found if one["id"] in ids or one["path"] == "/"}
    yield "resource", known, {one["path"] for one in found}
    known = {f"{method} {path}" for id_, method, path in real if (id_, method) in methods}
    yield "method", known, {f"{method} {path}" for _, method, path in real}


def _all(client: Any, call: str, key: str, **arguments: Any) -> Iterator[Any]:
    """Yield what all answers to a call have under `key`, or nothing if it is about what is gone."""
    try:
        if not client.can_paginate(call):
            yield getattr(client, call)(**arguments)[key]
            return
        for page in client.get_paginator(call).paginate(**arguments):
            yield from page[key]
    except client.exceptions.ClientError as error:
        if error.response["Error"]["Code"] not in _GONE:
            raise


_LOOKS = {"aws_iam_role": _role, "aws_lambda_function": _function, "aws_api_gateway_rest_api": _rest_api}
