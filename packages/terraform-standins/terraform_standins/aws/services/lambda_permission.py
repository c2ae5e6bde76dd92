"""Lambda: permissions."""

from __future__ import annotations

import json
from contextlib import nullcontext
from threading import Lock
from typing import Any

from ..names import parts
from ..resource import REGIONAL, Aws, AwsResource, Calls, Identity, Values, given

# AWS may lose one of two concurrent changes silently, so the provider makes one at a time.
_changing = Lock()


class Permission(AwsResource):
    """A statement in the policy of a function, a version or an alias: who may call it."""

    type_name, label, service = "aws_lambda_permission", "Lambda Permission", "lambda"
    calls = Calls.of("permission", create="add", read="", update="", delete="remove")
    named_by = "statement_id"
    verbs = {"creating": "adding", "deleting": "removing"}
    identity = Identity(
        ("function_name", "statement_id"),
        (*REGIONAL, "qualifier"),
        lambda i: f"{':'.join(given(a=i['function_name'], b=i.get('qualifier')).values())}/{i['statement_id']}",
    )
    error_name = "{function_name}/{statement_id}"
    # AWS refuses a concurrent change of the same policy.
    temporary = ("in progress",)

    def call(self, aws: Aws, method: str, values: Values, **more: Any) -> Any:
        with nullcontext() if method == "get_policy" else _changing:
            return super().call(aws, method, values, **more)

    def read(self, aws: Aws, state: Values) -> Values | None:
        policy = json.loads(self.call(aws, "get_policy", state)["Policy"])
        statement = next((s for s in policy["Statement"] if s["Sid"] == state["id"]), None)
        if statement is None:
            return None
        equals, like = (statement.get("Condition", {}).get(test) for test in ("StringEquals", "ArnLike"))
        principal = statement["Principal"]
        if isinstance(principal, dict):
            principal = principal.get("Service") or principal.get("AWS")
        qualifier = statement["Resource"].partition(":function:")[2].partition(":")[2]
        arn = statement["Resource"].removesuffix(f":{qualifier}")
        return {
            "function_name": arn if state["function_name"].startswith("arn:") else arn.rpartition(":")[2],
            "qualifier": qualifier,
            "action": statement["Action"],
            "principal": principal,
            "statement_id": statement["Sid"],
            **({} if equals is None else {name: equals.get(key) for name, key in _EQUALS.items()}),
            **({} if like is None else {"source_arn": like.get("AWS:SourceArn")}),
        }

    def from_import_id(self, import_id: str) -> Values:
        # FUNCTION is a name or an ARN.
        form = "FUNCTION_NAME/STATEMENT_ID or FUNCTION_NAME:QUALIFIER/STATEMENT_ID"
        values = parts(import_id, form, "function_name", "statement_id")
        arn = values["function_name"].startswith("arn:")
        name, separator, qualifier = values["function_name"].rpartition(":")
        if separator and not (arn and name.endswith(":function")):
            values.update(function_name=name, qualifier=qualifier)
        return {"id": values["statement_id"], **values}


_EQUALS = {
    "event_source_token": "lambda:EventSourceToken",
    "function_url_auth_type": "lambda:FunctionUrlAuthType",
    "principal_org_id": "aws:PrincipalOrgID",
    "source_account": "AWS:SourceAccount",
}
"""Argument -> its key in a condition of the policy."""
