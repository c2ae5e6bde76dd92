"""CloudWatch Logs: log groups."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.base import existing
from ...protocol.identity import Identity
from ...protocol.values import Values, same
from ..cloud import Aws
from ..resource import REGIONAL, AwsResource, Calls
from ..tags import Tagging


class LogGroup(AwsResource):
    """A log group: the log streams of its writers.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    """

    type_name = "aws_cloudwatch_log_group"
    label = "CloudWatch Logs Log Group"
    service = "logs"
    calls = Calls(create="create_log_group", delete="delete_log_group")
    names: ClassVar = {"name": "logGroupName"}
    named_by = "name"
    identity = Identity(("name",), REGIONAL)
    tagging = Tagging()
    gone = ("ResourceNotFoundException",)
    kept = ("retention_in_days",)

    def create(self, aws: Aws, planned: Values) -> Values:
        created = super().create(aws, planned)
        with existing(created["id"]):
            if planned["retention_in_days"]:
                self.call(aws, "put_retention_policy", planned)
        return created

    def read(self, aws: Aws, state: Values) -> Values | None:
        # There is no call that reads a single group.
        pages = self.client(aws).get_paginator("describe_log_groups").paginate(logGroupNamePrefix=state["name"])
        group = next((g for page in pages for g in page["logGroups"] if g["logGroupName"] == state["name"]), None)
        if group is None:
            return None
        defaults = {"logGroupClass": "STANDARD"}
        values = self.values(aws, "LogGroup", {**defaults, **group, "arn": group["arn"].removesuffix(":*")})
        return {**values, "skip_destroy": state.get("skip_destroy")}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        client, group = self.client(aws), {"logGroupName": planned["name"]}
        if not same(prior["retention_in_days"], planned["retention_in_days"]):
            if planned["retention_in_days"]:
                self.call(aws, "put_retention_policy", planned)
            else:
                client.delete_retention_policy(**group)
        if not same(prior["deletion_protection_enabled"], planned["deletion_protection_enabled"]):
            client.put_log_group_deletion_protection(
                logGroupIdentifier=planned["arn"],
                deletionProtectionEnabled=bool(planned["deletion_protection_enabled"]),
            )
        if not same(prior["kms_key_id"], planned["kms_key_id"]):
            if planned["kms_key_id"]:
                client.associate_kms_key(**group, kmsKeyId=planned["kms_key_id"])
            else:
                client.disassociate_kms_key(**group)


TYPES = (LogGroup,)
