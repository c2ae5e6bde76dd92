"""Roles and their policies, and the data source that composes policies."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from .workspace import Workspace

Aws = Callable[[str], Any]
Config = dict[str, Any]
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
STATEMENT = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
TRUST = {"Version": "2012-10-17", "Statement": [STATEMENT]}
WRITE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:Put*", "Resource": "*"}]}
ROLE, POLICY, ATTACHMENT = ("aws_iam_role.this", "aws_iam_role_policy.this", "aws_iam_role_policy_attachment.this")


@pytest.fixture
def resources() -> Config:
    """A role with an inline and an attached policy, for the test to change."""
    return {
        "aws_iam_role": {
            "this": {"name": "life", "path": "/a/", "assume_role_policy": json.dumps(TRUST), "tags": {"A": "b"}}
        },
        "aws_iam_role_policy": {
            "this": {"name": "write", "role": "${aws_iam_role.this.id}", "policy": json.dumps(WRITE)}
        },
        "aws_iam_role_policy_attachment": {"this": {"role": "${aws_iam_role.this.name}", "policy_arn": READ_ONLY}},
    }


def test_state_is_that_of_the_real_provider(workspace: Workspace, resources: Config, aws: Aws) -> None:
    """A role's policies are normalised; those of other resources appear at a refresh; a destroy leaves nothing."""
    workspace.apply(resource=resources)
    role = workspace.state(ROLE)
    assert role.pop("create_date").endswith("Z")
    assert role.pop("unique_id").startswith("AROA")
    trust = '{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"}}'
    assert role == {
        "arn": "arn:aws:iam::000000000000:role/a/life",
        "assume_role_policy": '{"Statement":[' + trust + '],"Version":"2012-10-17"}',
        "description": "",
        "force_detach_policies": False,
        "id": "life",
        "inline_policy": [],
        "managed_policy_arns": [],
        "max_session_duration": 3600,
        "name": "life",
        "name_prefix": "",
        "path": "/a/",
        "permissions_boundary": "",
        "tags": {"A": "b"},
        "tags_all": {"A": "b"},
    }
    written = '{"Version":"2012-10-17","Statement":[{"Action":"logs:Put*","Effect":"Allow","Resource":"*"}]}'
    policy = {"name": "write", "name_prefix": "", "policy": written, "role": "life"}
    assert workspace.state(POLICY) == {"id": "life:write", **policy}
    assert workspace.state(ATTACHMENT) == {"id": f"life/{READ_ONLY}", "policy_arn": READ_ONLY, "role": "life"}

    assert workspace.plan() == {}
    workspace.run("apply", "-refresh-only", "-auto-approve")
    role = workspace.state(ROLE)
    assert (role["inline_policy"], role["managed_policy_arns"]) == ([{"name": "write", "policy": written}], [READ_ONLY])
    workspace.run("destroy", "-auto-approve")
    assert aws("iam").list_roles()["Roles"] == []


def test_changes(workspace: Workspace, resources: Config, aws: Aws) -> None:
    """Equivalent policies are no change; only name, path and attachment replace."""
    workspace.apply(resource=resources)
    role, policy = resources["aws_iam_role"]["this"], resources["aws_iam_role_policy"]["this"]
    trust = {"Sid": "", **STATEMENT, "Action": ["sts:AssumeRole"]}
    role["assume_role_policy"] = json.dumps({"Statement": trust, "Version": "2012-10-17"}, indent=2)
    assert workspace.plan(resource=resources) == {}

    role.update(description="d", max_session_duration=7200, tags={"C": "d"})
    policy["policy"] = json.dumps(WRITE).replace("Put", "Get")
    assert workspace.actions(resource=resources) == {ROLE: ["update"], POLICY: ["update"]}
    workspace.converge()
    there = aws("iam").get_role(RoleName="life")["Role"]
    assert (there["Description"], there["MaxSessionDuration"]) == ("d", 7200)
    assert there["Tags"] == [{"Key": "C", "Value": "d"}]

    role["path"] = "/b/"
    plan = workspace.plan(resource=resources)
    assert plan[ROLE]["replace_paths"] == [["path"]]
    assert plan[POLICY]["replace_paths"] == [["role"]]
    assert ATTACHMENT not in plan  # it refers to the name, which stays


def test_changed_behind_terraforms_back(workspace: Workspace, resources: Config, aws: Aws) -> None:
    """Policies that were removed or changed by hand are repaired."""
    workspace.apply(resource=resources)
    iam = aws("iam")
    iam.detach_role_policy(RoleName="life", PolicyArn=READ_ONLY)
    iam.put_role_policy(RoleName="life", PolicyName="write", PolicyDocument=json.dumps(WRITE).replace("Put", "Get"))
    assert workspace.actions() == {POLICY: ["update"], ATTACHMENT: ["create"]}
    workspace.converge()
    iam.detach_role_policy(RoleName="life", PolicyArn=READ_ONLY)
    iam.delete_role_policy(RoleName="life", PolicyName="write")
    iam.delete_role(RoleName="life")
    assert workspace.actions() == {ROLE: ["create"], POLICY: ["create"], ATTACHMENT: ["create"]}


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
