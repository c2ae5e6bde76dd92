"""SQS: queues."""

from __future__ import annotations

import re
from typing import ClassVar

from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.identity import Identity
from ...protocol.plan import Change
from ...protocol.values import UNKNOWN, Values
from ..attributes import AttributesResource
from ..cloud import Aws
from ..documents import JSON
from ..messages import error_code, or_none
from ..names import name_of
from ..policy import POLICY
from ..resource import Calls
from ..tags import Tagging
from ..waiting import retry, wait_for

_STANDARD, _FIFO = r"[0-9A-Za-z_-]{1,80}", r"[0-9A-Za-z_-]{1,75}\.fifo"
_KEY_REUSE_SECONDS = "300"
_GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
_DELETED_RECENTLY = "AWS.SimpleQueueService.QueueDeletedRecently"
_SECONDS = 180
"""AWS refuses the name of a deleted queue for 60 s, and may still answer for the queue in that time."""


class Queue(AttributesResource):
    """A queue of messages.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
    """

    type_name = "aws_sqs_queue"
    label = "SQS Queue"
    service = "sqs"
    calls = Calls(create="create_queue", delete="delete_queue")
    names: ClassVar = {
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
    gone = _GONE
    documents: ClassVar = {"policy": POLICY, "redrive_allow_policy": JSON, "redrive_policy": JSON}

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        planned, name = change.planned, change.config.get("name")
        pattern = _FIFO if planned["fifo_queue"] else _STANDARD
        if change.creating and isinstance(name, str) and not re.fullmatch(pattern, name):
            raise DiagnosticError(Diagnostic(f"invalid queue name: {name}"))
        if not planned["fifo_queue"] and planned["content_based_deduplication"]:
            raise DiagnosticError(Diagnostic("content-based deduplication can only be set for FIFO queue"))
        if change.prior and not _encrypted(planned):
            # AWS answers it only for encrypted queues.
            key = "kms_data_key_reuse_period_seconds"
            planned[key] = change.prior[key]

    def create(self, aws: Aws, planned: Values) -> Values:
        name_of(planned, suffix=".fifo" if planned["fifo_queue"] else "")
        answer = retry(
            lambda: self.call(aws, "create_queue", planned, Attributes=self.attributes(aws, planned)),
            lambda error: error_code(error) == _DELETED_RECENTLY,
            seconds=_SECONDS,
        )
        return {"id": answer["QueueUrl"]}

    def read(self, aws: Aws, state: Values) -> Values:
        url = state["id"]
        attributes = self.client(aws).get_queue_attributes(QueueUrl=url, AttributeNames=["All"]).get("Attributes", {})
        values = self.parsed({"KmsDataKeyReusePeriodSeconds": _KEY_REUSE_SECONDS, **attributes})
        return {**values, "name": url.rpartition("/")[2], "url": url}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        if attributes := self.attributes(aws, planned, prior):
            self.client(aws).set_queue_attributes(QueueUrl=planned["id"], Attributes=attributes)

    def remove(self, aws: Aws, state: Values) -> None:
        super().remove(aws, state)
        ask = {"QueueUrl": state["id"], "AttributeNames": ["QueueArn"]}
        wait_for(
            lambda: or_none(lambda: self.client(aws).get_queue_attributes(**ask), *_GONE) is None or None,
            seconds=_SECONDS,
            waiting_for="the queue to be deleted",
        )


def _encrypted(values: Values) -> bool:
    key, managed = values["kms_master_key_id"], values["sqs_managed_sse_enabled"]
    return bool(key) or managed is True or UNKNOWN in (key, managed)


TYPES = (Queue,)
