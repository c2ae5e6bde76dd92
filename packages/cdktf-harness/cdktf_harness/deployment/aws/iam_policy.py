"""The IAM policies of an app: what its deployment may do, from a file of statements, filled in for a stage."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cdktf_harness.deployment.aws.deployment import Account
from cdktf_harness.deployment.target import no_function
from cdktf_harness.project import config_files
from cdktf_harness.project.project import TABLE, Project
from cdktf_harness.synthesis.stacks import Stack
from cdktf_harness.system.errors import HarnessError
from terraform_standins.aws.partitions import partition_of

Part = Literal["deploy", "bootstrap", "promote", "oncall"]
PARTS: tuple[Part, ...] = ("deploy", "bootstrap", "promote", "oncall")
_KEYS = {"sid", "setting", "action", "resource", "condition", "optional"}
_NEEDED = {"sid", "action", "resource"}
_PLACEHOLDER = re.compile(r"{(\w+)}")
# By the names that AWS gives to actions that change nothing. The real provider asks for instance profiles before it
# deletes a role.
_READS = re.compile(r"(?!iam:ListInstanceProfilesForRole)\w+:(Get|List|Describe|BatchGet|GET$)")
_OFF = ("", "false", "no", "off", "f", "n")


@dataclass(frozen=True)
class Principal:
    """For whom a policy is: the part of the file, the account, and the stage, which may have wildcards ("pr-*").

    With `reads`, only what a plan needs. Who is on call may do that, too.
    """

    account: Account
    part: Part = "deploy"
    stage: str = ""
    reads: bool = False


def policy(project: Project, principal: Principal) -> dict[str, Any]:
    """Return a policy document of the app. Raises HarnessError if its file of statements is missing or wrong."""
    values = _placeholders(project, principal)

    def setting(name: str) -> str:
        return values.get(name) or project.setting(name)

    def filled(placeholder: re.Match[str]) -> str:
        if not (found := setting(placeholder[1])):
            raise HarnessError(f"{Path(project.policy)}: there is no setting {placeholder[1]!r}")
        return found

    def fill(value: Any) -> Any:
        return [fill(one) for one in value] if isinstance(value, list) else _PLACEHOLDER.sub(filled, value)

    statements = []
    entries = [(entry, principal.reads) for entry in _entries(project, principal.part)]
    if principal.part == "oncall":
        entries += [(entry, True) for entry in _entries(project, "deploy")]
    for entry, reads in entries:
        actions = [action for action in entry["action"] if not reads or _READS.match(action)]
        if not actions or (entry.get("setting") and _is_off(project.setting(entry["setting"]))):
            continue
        statement = {"Sid": entry["sid"], "Effect": "Allow", "Action": actions, "Resource": fill(entry["resource"])}
        # Without what asks for the setting `optional` if that is empty.
        optional = entry.get("optional")
        left_out = f"{{{optional}}}" if optional and not setting(optional) else None
        condition = {
            operator: {key: fill(value) for key, value in keys.items() if value != left_out}
            for operator, keys in entry.get("condition", {}).items()
        }
        if kept := {operator: keys for operator, keys in condition.items() if keys}:
            statement["Condition"] = kept
        statements.append(statement)
    return {"Version": "2012-10-17", "Statement": statements}


def function_policy(stacks: Iterable[Stack], name: str) -> dict[str, Any]:
    """Return what the role of a function may do, as synthesized: other resources are named by their construct paths.

    `name` is the function's name or a part of its construct path. Raises HarnessError.
    """
    functions = [(stack, one) for stack in stacks for one in stack.resources("aws_lambda_function")]
    names = {one.path: str(one.get("function_name")) for _, one in functions}
    found = [(stack, one) for stack, one in functions if name in (names[one.path], *one.path.split("/"))]
    if len(found) != 1:
        raise no_function(name, names.values())
    stack, function = found[0]
    role = str(function.get("role")).removeprefix("${").rpartition(".")[0]
    policies = [one for one in stack.resources("aws_iam_role_policy") if f"{{{role}." in str(one.get("role"))]
    attached = [
        one for one in stack.resources("aws_iam_role_policy_attachment") if f"{{{role}." in str(one.get("role"))
    ]
    statements = json.dumps([entry for one in policies for entry in one.json("policy")["Statement"]])
    for address, path in stack.paths.items():
        statements = statements.replace(f"${{{address}.", f"${{{path}.")
    more = {"Attached": [one["policy_arn"] for one in attached]} if attached else {}
    return {"Version": "2012-10-17", "Statement": json.loads(statements), **more}


def state_bucket(project: Project, account: Account) -> str:
    """The name of the bucket for Terraform's state: the app's setting, else one that no other account has."""
    return project.state_bucket or f"terraform-states-{account.number}-{account.region}"


def _entries(project: Project, part: Part) -> list[dict[str, Any]]:
    if not project.policy:
        raise HarnessError(f'[{TABLE}] names no policy: add `policy = "FILE.toml"` to pyproject.toml')
    path = project.root / project.policy
    content = config_files.toml(path)
    for name in PARTS:
        entries = content.get(name, [])
        if not isinstance(entries, list) or not all(map(_is_statement, entries)):
            may = ", ".join(sorted(_KEYS - _NEEDED))
            raise HarnessError(f"{path}: each [[{name}]] needs sid, action and resource, and may have {may}")
    found: list[dict[str, Any]] = content.get(part, [])
    return found


def _is_off(value: str) -> bool:
    try:
        return float(value) == 0
    except ValueError:
        return value.lower() in _OFF


def _is_statement(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and _NEEDED <= set(entry) <= _KEYS
        and all(isinstance(entry[key], list) for key in ("action", "resource"))
    )


def _placeholders(project: Project, principal: Principal) -> dict[str, str]:
    """Return what replaces {placeholders} before the settings of the app do."""
    account = principal.account
    return {
        "account": account.number,
        "region": account.region,
        "partition": str(partition_of(account.region)["id"]),
        project.state_bucket_setting: state_bucket(project, account),
        project.stage_setting: principal.stage,
    }
