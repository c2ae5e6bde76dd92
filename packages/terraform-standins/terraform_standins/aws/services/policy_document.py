"""The data source that composes IAM policies; it calls nothing."""

from __future__ import annotations

import json
from typing import Any
from zlib import crc32

from ..documents import dumps
from ..resource import Aws, AwsData, DiagnosticError, Values

Statement = dict[str, Any]
_VALUES = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
_PRINCIPALS = {"principals": "Principal", "not_principals": "NotPrincipal"}
# The provider writes a statement's keys in the order of its own structure.
_KEYS = ("Sid", "Effect", *_VALUES.values(), *_PRINCIPALS.values(), "Condition")


class PolicyDocument(AwsData):
    """Composes a policy from statements and other policies; calls nothing."""

    type_name = "aws_iam_policy_document"
    label = "IAM Policy Document"
    refused = ("override_json", "source_json")

    def read(self, aws: Aws, config: Values) -> Values:
        # Merge the source documents, then the statements of the configuration, then the overriding documents.
        merged: dict[str, Any] = {"Version": "", "Id": "", "Statement": []}
        sources = [_parsed(text, "source", index) for index, text in enumerate(config["source_policy_documents"] or ())]
        _refuse_duplicates([statement for source in sources for statement in _statements(source)])
        own = [_statement(block, config["version"]) for block in config["statement"]]
        _refuse_duplicates(own)
        overrides = [
            _parsed(text, "override", index) for index, text in enumerate(config["override_policy_documents"] or ())
        ]
        here = {"Version": config["version"], "Id": config["policy_id"], "Statement": own}
        for document in (*sources, here, *overrides):
            _merge(merged, document)
        document = {key: value or None for key, value in merged.items() if value or key == "Statement"}
        text = dumps(document, indent=2)
        return {
            "json": text,
            "minified_json": dumps(document),
            "id": str(crc32(text.encode())),
            "statement": [_sorted_block(block) for block in config["statement"]],
        }


def _parsed(text: str | None, what: str, index: int) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(text or "{}")
    except ValueError as error:
        raise DiagnosticError(f"writing IAM Policy Document: merging {what} document {index}: {error}") from error
    for statement in _statements(document):
        # The provider reads and writes the values of a condition as a list, even a single one.
        for variables in statement.get("Condition", {}).values():
            variables.update({k: sorted([v] if isinstance(v, str) else v, reverse=True) for k, v in variables.items()})
    return document


def _statements(document: dict[str, Any]) -> list[Statement]:
    statements = document.get("Statement") or []
    return statements if isinstance(statements, list) else [statements]


def _refuse_duplicates(statements: list[Statement]) -> None:
    seen = set()
    for sid in filter(None, (statement.get("Sid") for statement in statements)):
        if sid in seen:
            message = f"duplicate Sid ({sid}). Remove the Sid or ensure the Sid is unique."
            raise DiagnosticError(f"writing IAM Policy Document: {message}")
        seen.add(sid)


def _merge(merged: dict[str, Any], document: dict[str, Any]) -> None:
    # The newest version and the last Id win. Of two statements with the same Sid the later one replaces the earlier.
    merged["Version"] = max(merged["Version"], document.get("Version") or "")
    merged["Id"] = document.get("Id") or merged["Id"]
    statements: list[Statement] = merged["Statement"]
    for statement in _statements(document):
        ordered = {key: statement[key] for key in _KEYS if statement.get(key)}
        sid = statement.get("Sid")
        place = next((i for i, other in enumerate(statements) if sid and other.get("Sid") == sid), len(statements))
        statements[place : place + 1] = [ordered]


def _statement(block: Values, version: str) -> Statement:
    statement: Statement = {"Sid": block["sid"], "Effect": block["effect"]}
    for name, key in _VALUES.items():
        statement[key] = _listed(_variables(block[name], version))
    for name, key in _PRINCIPALS.items():
        statement[key] = _principals(block[name], version)
    statement["Condition"] = _conditions(block["condition"], version)
    return statement


def _variables(values: list[str], version: str) -> list[str]:
    # `&{...}` stands for IAM's `${...}`, which Terraform would interpolate.
    if version == "2008-10-17" and any("&{" in value for value in values):
        message = f"found &{{ sequence in ({values[0]}), which is not supported in document version 2008-10-17"
        raise DiagnosticError(f"writing IAM Policy Document: {message}")
    return [value.replace("&{", "${") for value in values]


def _listed(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else sorted(values, reverse=True)


def _principals(blocks: list[Values], version: str) -> Any:
    if [(block["type"], block["identifiers"]) for block in blocks] == [("*", ["*"])]:
        return "*"
    names: dict[str, list[str]] = {}
    for block in blocks:
        names.setdefault(block["type"], []).extend(_variables(block["identifiers"], version))
    return {kind: _listed(names[kind]) for kind in sorted(names)}


def _conditions(blocks: list[Values], version: str) -> dict[str, dict[str, Any]]:
    conditions: dict[str, dict[str, Any]] = {}
    for block in sorted(blocks, key=lambda block: (block["test"], block["variable"])):
        conditions.setdefault(block["test"], {})[block["variable"]] = _listed(_variables(block["values"], version))
    return conditions


def _sorted_block(block: Values) -> Values:
    return {**block, **{name: sorted(block[name] or ()) for name in _VALUES}}
