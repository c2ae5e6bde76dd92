"""SQS: queues and their policies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...protocol.values import UNKNOWN
from ..resource import JSON, POLICY, Aws, AwsResource, Calls, Change, DiagnosticError, Identity, Tagging, Values, Wait
from .attributes import AttributesResource

_STANDARD, _FIFO = r"[0-9A-Za-z_-]{1,80}", r"[0-9A-Za-z_-]{1,75}\.fifo"


class Queue(AttributesResource):
    type_name, label, service = "aws_sqs_queue", "SQS Queue", "sqs"
    calls = Calls("create_queue", "get_queue_attributes", "set_queue_attributes", "delete_queue")
    extra = {"get_queue_attributes": {"AttributeNames": ["All"]}}
    names = {
        "id": "QueueUrl",
        "arn": "QueueArn",
        "name": "QueueName",
        "max_message_size": "MaximumMessageSize",
        "message_retention_seconds": "MessageRetentionPeriod",
        "receive_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
        "visibility_timeout_seconds": "VisibilityTimeout",
    }
    named_by = "name"
    identity = Identity(("url",))
    tagging = Tagging("id", "list_queue_tags", "tag_queue", "untag_queue")
    # AWS refuses the name of a deleted queue for 60 s, and may still answer for the queue in that time.
    temporary = ("QueueDeletedRecently",)
    waits = Wait("", (), seconds=180)
    documents = {"policy": POLICY, "redrive_allow_policy": JSON, "redrive_policy": JSON}
    defaults = {"KmsDataKeyReusePeriodSeconds": "300"}

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        planned, name = change.planned, change.config.get("name")
        pattern = _FIFO if planned["fifo_queue"] else _STANDARD
        if change.creating and isinstance(name, str) and not re.fullmatch(pattern, name):
            raise DiagnosticError(f"invalid queue name: {name}")
        if not planned["fifo_queue"] and planned["content_based_deduplication"]:
            raise DiagnosticError("content-based deduplication can only be set for FIFO queue")
        if change.prior and not _encrypted(planned):
            # AWS answers it only for encrypted queues.
            key = "kms_data_key_reuse_period_seconds"
            planned[key] = change.prior[key]

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, str]) -> Values:
        return {**super().parsed(aws, state, found), "name": state["id"].rpartition("/")[2], "url": state["id"]}


def _encrypted(values: Values) -> bool:
    key, managed = values["kms_master_key_id"], values["sqs_managed_sse_enabled"]
    return bool(key) or managed is True or UNKNOWN in (key, managed)


class QueuePolicy(AwsResource):
    """AWS stores the policy as an attribute of the queue."""

    type_name, label, service = "aws_sqs_queue_policy", "SQS Queue Policy", "sqs"
    calls = Calls(*("set_queue_attributes", "get_queue_attributes", "set_queue_attributes", "set_queue_attributes"))
    answer = "Attributes"
    extra = {"get_queue_attributes": {"AttributeNames": ["Policy"]}}
    named_by = "queue_url"
    identity = Identity(("queue_url",))
    kept = ("policy",)
    documents = {"policy": POLICY}

    def make(self, aws: Aws, planned: Values) -> Any:
        return self.call(aws, self.calls.create, planned, Attributes={"Policy": planned["policy"] or ""})

    def read(self, aws: Aws, state: Values) -> Values | None:
        policy = (self.found(aws, state) or {}).get("Policy")
        return {"queue_url": state["id"], "policy": policy} if policy else None

    def remove(self, aws: Aws, state: Values) -> None:
        self.make(aws, {**state, "policy": ""})
