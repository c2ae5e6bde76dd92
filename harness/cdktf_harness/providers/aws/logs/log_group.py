"""CloudWatch Logs: log groups."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.identity import Identity
from ...protocol.values import Values, same
from ...resource import existing
from .. import tags
from ..cloud import Aws
from ..model import given
from ..names import name_of, prefix_of
from ..resource import REGIONAL, AwsResource


class LogGroup(AwsResource):
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html ."""

    type_name = "aws_cloudwatch_log_group"
    label = "CloudWatch Logs Log Group"
    identity = Identity(("name",), REGIONAL)
    service = "logs"
    tagging = tags.Tagging()
    gone = ("ResourceNotFoundException",)
    arguments: ClassVar = {
        "name",
        "name_prefix",
        "retention_in_days",
        "kms_key_id",
        "log_group_class",
        "skip_destroy",
        "deletion_protection_enabled",
    }

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the group, then set how long it keeps logs: two calls."""
        name, client = name_of(planned), self.client(aws)
        request = given(
            kmsKeyId=planned["kms_key_id"],
            logGroupClass=planned["log_group_class"],
            deletionProtectionEnabled=planned["deletion_protection_enabled"],
            tags=planned["tags_all"],
        )
        client.create_log_group(logGroupName=name, **request)
        with existing(name):
            self._keep(aws, name, planned["retention_in_days"])
        return {"id": name}

    def _keep(self, aws: Aws, name: str, days: int) -> None:
        if days:
            self.client(aws).put_retention_policy(logGroupName=name, retentionInDays=days)

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Find the group among those whose name begins alike: there is no call for one."""
        client, name = self.client(aws), state["id"]
        pages = client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
        group = next((g for page in pages for g in page["logGroups"] if g["logGroupName"] == name), None)
        if group is None:
            return None
        arn = group["arn"].removesuffix(":*")
        return {
            "name": name,
            "name_prefix": prefix_of(name),
            "arn": arn,
            "retention_in_days": group.get("retentionInDays"),
            "kms_key_id": group.get("kmsKeyId"),
            "log_group_class": group.get("logGroupClass", "STANDARD"),
            "deletion_protection_enabled": group.get("deletionProtectionEnabled"),
            "skip_destroy": state.get("skip_destroy"),
            "tags": client.list_tags_for_resource(resourceArn=arn).get("tags", {}),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Change retention and key."""
        client, name = self.client(aws), planned["id"]
        if prior["retention_in_days"] != planned["retention_in_days"]:
            self._keep(aws, name, planned["retention_in_days"])
            if not planned["retention_in_days"]:
                client.delete_retention_policy(logGroupName=name)
        if not same(prior["deletion_protection_enabled"], planned["deletion_protection_enabled"]):
            client.put_log_group_deletion_protection(
                logGroupIdentifier=planned["arn"],
                deletionProtectionEnabled=bool(planned["deletion_protection_enabled"]),
            )
        if (prior["kms_key_id"] or "") != (planned["kms_key_id"] or ""):
            if planned["kms_key_id"]:
                client.associate_kms_key(logGroupName=name, kmsKeyId=planned["kms_key_id"])
            else:
                client.disassociate_kms_key(logGroupName=name)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the group with its logs, unless `skip_destroy` says to leave it."""
        if not state["skip_destroy"]:
            self.client(aws).delete_log_group(logGroupName=state["id"])


TYPES = (LogGroup,)
