"""CloudWatch Logs: saved queries of Logs Insights."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.values import Values
from ..cloud import Aws
from ..resource import AwsResource, Calls


class QueryDefinition(AwsResource):
    """A saved query.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
    """

    type_name = "aws_cloudwatch_query_definition"
    label = "CloudWatch Logs Query Definition"
    service = "logs"
    calls = Calls(create="put_query_definition", delete="delete_query_definition")
    named_by = "name"
    names: ClassVar = {"id": "queryDefinitionId"}

    def read(self, aws: Aws, state: Values) -> Values | None:
        # No call reads a single one, and paging needs the answer's token.
        more: dict[str, str] = {}
        while True:
            answer = self.client(aws).describe_query_definitions(**more)
            for found in answer["queryDefinitions"]:
                if found["queryDefinitionId"] == state["id"]:
                    return {**self.values(aws, "QueryDefinition", found), "query_definition_id": state["id"]}
            if not answer.get("nextToken"):
                return None
            more = {"nextToken": answer["nextToken"]}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        self.call(aws, "put_query_definition", planned, queryDefinitionId=planned["id"])

    def remove(self, aws: Aws, state: Values) -> None:
        self.client(aws).delete_query_definition(queryDefinitionId=state["id"])

    def from_import_id(self, import_id: str) -> Values:
        id_ = import_id.rpartition(":")[2]
        if not import_id.startswith("arn:") or not id_:
            raise DiagnosticError(
                Diagnostic(f"unexpected format for ID ({import_id}), expected a query definition ARN")
            )
        return {"id": id_, "query_definition_id": id_}


TYPES = (QueryDefinition,)
