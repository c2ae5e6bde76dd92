"""Roles and their policies, and the data source that composes policies."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .workspace import Workspace

Aws = Callable[[str], Any]
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
STATEMENT = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
TRUST = {"Version": "2012-10-17", "Statement": [STATEMENT]}
WRITE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:Put*", "Resource": "*"}]}
ROLE = "aws_iam_role.this"


def test_own_policies(workspace: Workspace, aws: Aws) -> None:
    """Inline and managed policies in the role's arguments are created, changed and deleted with it."""
    role = {
        "name_prefix": "own-",
        "assume_role_policy": json.dumps(TRUST),
        "inline_policy": [{"name": "a", "policy": json.dumps(WRITE)}],
        "managed_policy_arns": [READ_ONLY],
    }
    workspace.converge(resource={"aws_iam_role": {"this": role}})
    state = workspace.state(ROLE)
    assert (state["name"][:4], len(state["name"]), state["name_prefix"]) == ("own-", 30, "own-")
    iam = aws("iam")
    iam.attach_role_policy(RoleName=state["name"], PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    assert workspace.plan()[ROLE]["after"]["managed_policy_arns"] == [READ_ONLY]
    workspace.converge(
        resource={"aws_iam_role": {"this": {**role, "inline_policy": [{"name": "b", "policy": json.dumps(WRITE)}]}}}
    )
    assert iam.list_role_policies(RoleName=state["name"])["PolicyNames"] == ["b"]
    assert len(iam.list_attached_role_policies(RoleName=state["name"])["AttachedPolicies"]) == 1
    workspace.converge(resource={"aws_iam_role": {"this": {**role, "inline_policy": {}}}})
    assert iam.list_role_policies(RoleName=state["name"])["PolicyNames"] == []
    workspace.run("destroy", "-auto-approve")
    assert iam.list_roles()["Roles"] == []


def test_policy_document(offline: Workspace) -> None:
    """Statements are composed and merged exactly as by the real provider, without a call."""
    principals = [{"type": "AWS", "identifiers": ["a", "b"]}, {"type": "Service", "identifiers": ["x.amazonaws.com"]}]
    condition = {"test": "StringLike", "variable": "aws:x", "values": ["<1>", "2"]}
    first = {"sid": "A", "actions": ["s3:*"], "resources": ["arn:aws:s3:::&{aws:username}"]}
    second = {"effect": "Deny", "not_actions": ["a", "b"], "principals": principals, "condition": [condition]}
    override = json.dumps({"Statement": {"Sid": "A", "Effect": "Deny", "Action": "*", "Resource": "*"}})
    offline.apply(
        data={
            "aws_iam_policy_document": {
                "plain": {"policy_id": "i", "statement": [first, second]},
                "merged": {
                    "source_policy_documents": ["${data.aws_iam_policy_document.plain.json}"],
                    "override_policy_documents": [override],
                },
                "empty": {},
            }
        },
        output={
            name: {"value": f"${{data.aws_iam_policy_document.{name}.{what}}}"}
            for name, what in (("plain", "minified_json"), ("merged", "minified_json"), ("empty", "json"))
        },
    )
    outputs = {name: output["value"] for name, output in json.loads(offline.run("output", "-json")).items()}
    deny = (
        '{"Effect":"Deny","NotAction":["b","a"],"Principal":{"AWS":["b","a"],"Service":"x.amazonaws.com"},'
        '"Condition":{"StringLike":{"aws:x":["\\u003c1\\u003e","2"]}}}'
    )
    start = '{"Version":"2012-10-17","Id":"i","Statement":['
    allow = '{"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}"}'
    assert outputs["plain"] == f"{start}{allow},{deny}]}}"
    assert outputs["merged"] == f'{start}{{"Sid":"A","Effect":"Deny","Action":"*","Resource":"*"}},{deny}]}}'
    assert outputs["empty"] == '{\n  "Version": "2012-10-17",\n  "Statement": null\n}'

    offline.write(data={"aws_iam_policy_document": {"this": {"statement": [first, first]}}})
    assert "duplicate Sid (A). Remove the Sid or ensure the Sid is unique." in offline.fails("plan")
