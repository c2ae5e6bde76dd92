"""The data source that writes IAM policies; it calls nothing."""

from __future__ import annotations

import json
from typing import Any, ClassVar
from zlib import crc32

from ..protocol.diagnostics import Diagnostic, DiagnosticError
from ..protocol.values import Values
from .cloud import Aws
from .resource import AwsData

Statement = dict[str, Any]
_VALUES = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
_PRINCIPALS = {"principals": "Principal", "not_principals": "NotPrincipal"}


class PolicyDocument(AwsData):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html ."""

    type_name = "aws_iam_policy_document"
    label = "IAM Policy Document"
    arguments: ClassVar = {
        "policy_id",
        "version",
        "statement",
        "source_policy_documents",
        "override_policy_documents",
    }

    def read(self, aws: Aws, config: Values) -> Values:
        """Merge what is given into one document; statements with the same Sid override, in the order of merging."""
        document: dict[str, Any] = {"Version": config["version"]}
        if config["policy_id"]:
            document["Id"] = config["policy_id"]
        statements: list[Statement] = []
        for text in config["source_policy_documents"] or ():
            source = json.loads(text)
            _merge(statements, _statements(source), override=False)
        _merge(statements, [_statement(block, document["Version"]) for block in config["statement"]], override=False)
        for text in config["override_policy_documents"] or ():
            _merge(statements, _statements(json.loads(text)), override=True)
        if statements:
            document["Statement"] = statements
        text = json.dumps(document, indent=2, ensure_ascii=False)
        return {
            "json": text,
            "minified_json": json.dumps(document, separators=(",", ":"), ensure_ascii=False),
            "id": str(crc32(text.encode())),
            "statement": [_sorted_block(block) for block in config["statement"]],
        }


def _statements(document: dict[str, Any]) -> list[Statement]:
    statements = document.get("Statement") or []
    return statements if isinstance(statements, list) else [statements]


def _merge(statements: list[Statement], more: list[Statement], *, override: bool) -> None:
    for statement in more:
        sid = statement.get("Sid")
        at = next((i for i, s in enumerate(statements) if sid and s.get("Sid") == sid), None)
        if at is None:
            statements.append(statement)
        elif override:
            statements[at] = statement
        else:
            raise DiagnosticError(
                Diagnostic(
                    f"writing IAM Policy Document: duplicate Sid ({sid}). Remove the Sid or ensure the Sid is unique."
                )
            )


def _statement(block: Values, version: str) -> Statement:
    statement: Statement = {"Sid": block["sid"]} if block["sid"] else {}
    statement["Effect"] = block["effect"]
    for name, key in _VALUES.items():
        if block[name]:
            statement[key] = _listed(_variables(block[name], version))
    for name, key in _PRINCIPALS.items():
        if block[name]:
            statement[key] = _principals(block[name], version)
    if block["condition"]:
        statement["Condition"] = _conditions(block["condition"], version)
    return statement


def _variables(values: list[str], version: str) -> list[str]:
    # `&{...}` stands for IAM's `${...}`, which Terraform would take for its own.
    return [value.replace("&{", "${") for value in values]


def _listed(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else sorted(values, reverse=True)


def _principals(blocks: list[Values], version: str) -> Any:
    principals: dict[str, Any] = {}
    for block in blocks:
        names = _variables(block["identifiers"], version)
        if block["type"] == "*" and names == ["*"]:
            return "*"
        known = principals.get(block["type"], [])
        known = [known] if isinstance(known, str) else known
        principals[block["type"]] = _listed(known + names)
    return principals


def _conditions(blocks: list[Values], version: str) -> dict[str, dict[str, Any]]:
    conditions: dict[str, dict[str, Any]] = {}
    for block in blocks:
        values = _variables(block["values"], version)
        conditions.setdefault(block["test"], {})[block["variable"]] = values[0] if len(values) == 1 else values
    return conditions


def _sorted_block(block: Values) -> Values:
    return {**block, **{name: sorted(block[name] or ()) for name in _VALUES}}


TYPES = (PolicyDocument,)
