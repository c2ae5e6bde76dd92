"""SQS: queues."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.identity import Identity
from ...protocol.plan import Change
from ...protocol.values import UNKNOWN, Values
from ..attributes import Table, as_values, changed_ones, set_ones
from ..cloud import Aws
from ..documents import normalise_json, same_json
from ..names import name_of, prefix_of
from ..policy import same_policy, stored
from ..resource import AwsResource, error_code
from ..tags import Tagging
from ..waiting import poll, retry

_QUEUE: Table = {
    "content_based_deduplication": ("ContentBasedDeduplication", bool),
    "deduplication_scope": ("DeduplicationScope", str),
    "delay_seconds": ("DelaySeconds", int),
    "fifo_queue": ("FifoQueue", bool),
    "fifo_throughput_limit": ("FifoThroughputLimit", str),
    "kms_data_key_reuse_period_seconds": ("KmsDataKeyReusePeriodSeconds", int),
    "kms_master_key_id": ("KmsMasterKeyId", str),
    "max_message_size": ("MaximumMessageSize", int),
    "message_retention_seconds": ("MessageRetentionPeriod", int),
    "policy": ("Policy", str),
    "receive_wait_time_seconds": ("ReceiveMessageWaitTimeSeconds", int),
    "redrive_allow_policy": ("RedriveAllowPolicy", str),
    "redrive_policy": ("RedrivePolicy", str),
    "sqs_managed_sse_enabled": ("SqsManagedSseEnabled", bool),
    "visibility_timeout_seconds": ("VisibilityTimeout", int),
}
_STANDARD, _FIFO = r"[0-9A-Za-z_-]{1,80}", r"[0-9A-Za-z_-]{1,75}\.fifo"
_KEY_REUSE_SECONDS = 300
_GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
_DELETED_RECENTLY = "AWS.SimpleQueueService.QueueDeletedRecently"
_SECONDS = 180
"""AWS refuses a name for 60 s after its queue was deleted, and goes on answering for a deleted one as long."""


class Queue(AwsResource):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html ."""

    type_name = "aws_sqs_queue"
    label = "SQS Queue"
    identity = Identity(("url",))
    service = "sqs"
    tagging = Tagging("id", "list_queue_tags", "tag_queue", "untag_queue")
    gone = _GONE
    arguments: ClassVar = {"name", "name_prefix", *_QUEUE}
    normalise: ClassVar = dict.fromkeys(("policy", "redrive_allow_policy", "redrive_policy"), normalise_json)
    suppress: ClassVar = {"policy": same_policy, "redrive_allow_policy": same_json, "redrive_policy": same_json}

    def customise(self, aws: Aws, change: Change) -> None:
        """Refuse what AWS would refuse."""
        super().customise(aws, change)
        planned, name = change.planned, change.config.get("name")
        pattern = _FIFO if planned["fifo_queue"] else _STANDARD
        if change.creating and isinstance(name, str) and not re.fullmatch(pattern, name):
            raise DiagnosticError(Diagnostic(f"invalid queue name: {name}"))
        if not planned["fifo_queue"] and planned["content_based_deduplication"]:
            raise DiagnosticError(Diagnostic("content-based deduplication can only be set for FIFO queue"))
        if change.prior and not _encrypted(planned):
            # AWS answers it for encrypted queues only.
            key = "kms_data_key_reuse_period_seconds"
            planned[key] = change.prior[key]

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the queue."""
        name = name_of(planned, suffix=".fifo" if planned["fifo_queue"] else "")
        attributes = set_ones(_QUEUE, planned)
        url = retry(
            lambda: self.client(aws).create_queue(
                QueueName=name, Attributes=attributes, tags=planned["tags_all"] or {}
            )["QueueUrl"],
            lambda error: error_code(error) == _DELETED_RECENTLY,
            seconds=_SECONDS,
        )
        return {"id": url}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the queue's attributes."""
        client, url = self.client(aws), state["id"]
        attributes = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]).get("Attributes", {})
        name = url.rpartition("/")[2]
        values = as_values(_QUEUE, attributes)
        return {
            **values,
            "arn": attributes.get("QueueArn"),
            "kms_data_key_reuse_period_seconds": values["kms_data_key_reuse_period_seconds"] or _KEY_REUSE_SECONDS,
            "name": name,
            "name_prefix": prefix_of(name.removesuffix(".fifo")),
            "policy": stored(state["policy"], values["policy"] or ""),
            "redrive_allow_policy": _text(values["redrive_allow_policy"]),
            "redrive_policy": _text(values["redrive_policy"]),
            "url": url,
            "tags": client.list_queue_tags(QueueUrl=url).get("Tags", {}),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Set what differs."""
        attributes = changed_ones(_QUEUE, prior, planned)
        if attributes:
            self.client(aws).set_queue_attributes(QueueUrl=planned["id"], Attributes=attributes)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the queue and wait until it is gone."""
        client = self.client(aws)
        client.delete_queue(QueueUrl=state["id"])
        poll(lambda: _is_gone(client, state["id"]), seconds=_SECONDS, waiting_for="the queue to be deleted")


def _is_gone(client: Any, url: str) -> bool | None:
    try:
        client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    except Exception as error:
        if error_code(error) in _GONE:
            return True
        raise
    return None


def _encrypted(values: Values) -> bool:
    key, managed = values["kms_master_key_id"], values["sqs_managed_sse_enabled"]
    return bool(key) or managed is True or UNKNOWN in (key, managed)


def _text(document: str | None) -> str | None:
    return normalise_json(document) if document else None


TYPES = (Queue,)
