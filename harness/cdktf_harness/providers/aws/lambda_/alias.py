"""Lambda: aliases and permissions, which hang on a function."""

from __future__ import annotations

import json
from threading import Lock
from typing import Any, ClassVar

from ...protocol.identity import Identity
from ...protocol.values import Values
from ..cloud import Aws
from ..model import first, given
from ..names import name_of, parts, prefix_of
from ..resource import REGIONAL, AwsResource, error_code
from ..waiting import retry
from .function import invoke_arn

_PROPAGATION_SECONDS = 30
"""Changes of one function's policy at the same time refuse each other."""
# Or, worse, AWS loses one of them without a word: the provider makes them one by one.
_changing = Lock()


class Alias(AwsResource):
    """https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html ."""

    type_name = "aws_lambda_alias"
    label = "Lambda Alias"
    service = "lambda"
    gone = ("ResourceNotFoundException",)
    arguments: ClassVar = {"name", "function_name", "function_version", "description", "routing_config"}
    suppress: ClassVar = {"function_name": lambda old, new: old == new or old.endswith(f":{new}")}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the alias."""
        answer = self.client(aws).create_alias(
            FunctionName=planned["function_name"], Name=planned["name"], **_alias(planned)
        )
        return {"id": answer["AliasArn"], "arn": answer["AliasArn"]}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the alias."""
        alias = self.client(aws).get_alias(FunctionName=state["function_name"], Name=state["name"])
        weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights")
        return {
            "id": alias["AliasArn"],
            "arn": alias["AliasArn"],
            "invoke_arn": invoke_arn(aws, alias["AliasArn"]),
            "name": alias["Name"],
            "description": alias.get("Description"),
            "function_version": alias["FunctionVersion"],
            "routing_config": [{"additional_version_weights": weights}] if weights else [],
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Point it elsewhere."""
        self.client(aws).update_alias(FunctionName=planned["function_name"], Name=planned["name"], **_alias(planned))

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the alias."""
        self.client(aws).delete_alias(FunctionName=state["function_name"], Name=state["name"])

    def from_import_id(self, import_id: str) -> Values:
        """`FUNCTION/ALIAS`."""
        return {"id": import_id, **parts(import_id, "FUNCTION_NAME/ALIAS", "function_name", "name")}

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """With the alias's name."""
        return super().explain(error, doing, {"name": values.get("name")})


def _alias(planned: Values) -> dict[str, Any]:
    weights = first(planned["routing_config"]).get("additional_version_weights") or {}
    return {
        "FunctionVersion": planned["function_version"],
        "Description": planned["description"] or "",
        "RoutingConfig": {"AdditionalVersionWeights": weights},
    }


class Permission(AwsResource):
    """https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html ."""

    type_name = "aws_lambda_permission"
    label = "Lambda Permission"
    identity = Identity(
        ("function_name", "statement_id"),
        (*REGIONAL, "qualifier"),
        lambda i: f"{':'.join(given(a=i['function_name'], b=i.get('qualifier')).values())}/{i['statement_id']}",
    )
    service = "lambda"
    gone = ("ResourceNotFoundException",)
    arguments: ClassVar = {
        "action",
        "event_source_token",
        "function_name",
        "function_url_auth_type",
        "principal",
        "principal_org_id",
        "qualifier",
        "source_account",
        "source_arn",
        "statement_id",
        "statement_id_prefix",
    }

    def create(self, aws: Aws, planned: Values) -> Values:
        """Add a statement to the policy of the function, version or alias."""
        client, statement = self.client(aws), name_of(planned, "statement_id")
        request = given(
            Action=planned["action"],
            EventSourceToken=planned["event_source_token"],
            FunctionUrlAuthType=planned["function_url_auth_type"],
            Principal=planned["principal"],
            PrincipalOrgID=planned["principal_org_id"],
            SourceAccount=planned["source_account"],
            SourceArn=planned["source_arn"],
        )
        with _changing:
            retry(
                lambda: client.add_permission(StatementId=statement, **_who(planned), **request),
                lambda error: error_code(error) == "ResourceConflictException" and "progress" in str(error),
                seconds=_PROPAGATION_SECONDS,
            )
        return {"id": statement, "statement_id": statement}

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Find the statement in the policy."""
        answer = self.client(aws).get_policy(**_who(state))
        policy = json.loads(answer["Policy"])
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
            "statement_id_prefix": prefix_of(statement["Sid"]),
            **({} if equals is None else {name: equals.get(key) for name, key in _EQUALS.items()}),
            **({} if like is None else {"source_arn": like.get("AWS:SourceArn")}),
        }

    def remove(self, aws: Aws, state: Values) -> None:
        """Remove the statement."""
        with _changing:
            self.client(aws).remove_permission(StatementId=state["id"], **_who(state))

    def from_import_id(self, import_id: str) -> Values:
        """`FUNCTION/SID` or `FUNCTION:QUALIFIER/SID`; FUNCTION is a name or an ARN."""
        form = "FUNCTION_NAME/STATEMENT_ID or FUNCTION_NAME:QUALIFIER/STATEMENT_ID"
        values = parts(import_id, form, "function_name", "id")
        arn = values["function_name"].startswith("arn:")
        name, separator, qualifier = values["function_name"].rpartition(":")
        if separator and not (arn and name.endswith(":function")):
            values.update(function_name=name, qualifier=qualifier)
        return values

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """With function and statement, as the provider names it."""
        name = f"{values.get('function_name')}/{values.get('statement_id') or values.get('id')}"
        verb = {"creating": "adding", "deleting": "removing"}.get(doing, doing)
        return super().explain(error, verb, {"id": name})


_EQUALS = {
    "event_source_token": "lambda:EventSourceToken",
    "function_url_auth_type": "lambda:FunctionUrlAuthType",
    "principal_org_id": "aws:PrincipalOrgID",
    "source_account": "AWS:SourceAccount",
}
"""Argument -> its key in a condition of the policy."""


def _who(values: Values) -> dict[str, Any]:
    return {"FunctionName": values["function_name"], **given(Qualifier=values["qualifier"])}


TYPES = (Alias, Permission)
