"""SNS: topics."""

from __future__ import annotations

import re
from typing import ClassVar

from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.identity import Identity
from ...protocol.plan import Change
from ...protocol.values import Values
from ...resource import existing
from ..attributes import Table, as_values, changed_ones, set_ones
from ..cloud import Aws
from ..documents import normalise_json, same_json
from ..names import name_of, prefix_of
from ..policy import same_policy, stored
from ..resource import AwsResource
from ..tags import Tagging, as_list, from_list

_TAGGING = Tagging()

_FEEDBACK: Table = {
    f"{protocol}_{outcome}": (f"{key}{suffix}", kind)
    for protocol, key in (
        ("application", "Application"),
        ("firehose", "Firehose"),
        ("http", "HTTP"),
        ("lambda", "Lambda"),
        ("sqs", "SQS"),
    )
    for outcome, suffix, kind in (
        ("failure_feedback_role_arn", "FailureFeedbackRoleArn", str),
        ("success_feedback_role_arn", "SuccessFeedbackRoleArn", str),
        ("success_feedback_sample_rate", "SuccessFeedbackSampleRate", int),
    )
}
_TOPIC: Table = {
    **_FEEDBACK,
    "archive_policy": ("ArchivePolicy", str),
    "content_based_deduplication": ("ContentBasedDeduplication", bool),
    "delivery_policy": ("DeliveryPolicy", str),
    "display_name": ("DisplayName", str),
    "fifo_throughput_scope": ("FifoThroughputScope", str),
    "fifo_topic": ("FifoTopic", bool),
    "kms_master_key_id": ("KmsMasterKeyId", str),
    "policy": ("Policy", str),
    "signature_version": ("SignatureVersion", int),
    "tracing_config": ("TracingConfig", str),
}
_STANDARD, _FIFO = r"[0-9A-Za-z_-]{1,256}", r"[0-9A-Za-z_-]{1,251}\.fifo"
# CreateTopic takes no others.
_CREATED = ("content_based_deduplication", "fifo_throughput_scope", "fifo_topic")


class Topic(AwsResource):
    """https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html ."""

    type_name = "aws_sns_topic"
    label = "SNS Topic"
    identity = Identity(("arn",))
    service = "sns"
    tagging = _TAGGING
    gone = ("NotFound",)
    arguments: ClassVar = {"name", "name_prefix", *_TOPIC}
    normalise: ClassVar = dict.fromkeys(("archive_policy", "delivery_policy", "policy"), normalise_json)
    suppress: ClassVar = {"archive_policy": same_json, "delivery_policy": same_json, "policy": same_policy}

    def customise(self, aws: Aws, change: Change) -> None:
        """Refuse a name that AWS would refuse."""
        super().customise(aws, change)
        name, fifo = change.config.get("name"), change.planned["fifo_topic"]
        if change.creating and isinstance(name, str) and not re.fullmatch(_FIFO if fifo else _STANDARD, name):
            raise DiagnosticError(Diagnostic(f"invalid topic name: {name}"))
        if not fifo and change.planned["content_based_deduplication"]:
            raise DiagnosticError(Diagnostic("content-based deduplication can only be set for FIFO topics"))

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the topic, or adopt the one of that name; most attributes are set afterwards, one by one."""
        name = name_of(planned, suffix=".fifo" if planned["fifo_topic"] else "")
        created = {name: _TOPIC[name] for name in _CREATED}
        arn = self.client(aws).create_topic(
            Name=name, Attributes=set_ones(created, planned), Tags=as_list(planned["tags_all"])
        )["TopicArn"]
        rest = {name: entry for name, entry in _TOPIC.items() if name not in created}
        with existing(arn):
            self._set(aws, arn, set_ones(rest, planned))
        return {"id": arn, "arn": arn}

    def _set(self, aws: Aws, arn: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            self.client(aws).set_topic_attributes(TopicArn=arn, AttributeName=key, AttributeValue=value)

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the topic's attributes."""
        client, arn = self.client(aws), state["id"]
        attributes = client.get_topic_attributes(TopicArn=arn)["Attributes"]
        name = arn.rpartition(":")[2]
        return {
            **as_values(_TOPIC, attributes),
            "arn": attributes["TopicArn"],
            "beginning_archive_time": attributes.get("BeginningArchiveTime"),
            "name": name,
            "name_prefix": prefix_of(name.removesuffix(".fifo")),
            "owner": attributes.get("Owner"),
            "policy": stored(state["policy"], normalise_json(attributes["Policy"])),
            "tags": from_list(client.list_tags_for_resource(ResourceArn=arn)["Tags"]),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Set what differs."""
        self._set(aws, planned["id"], changed_ones(_TOPIC, prior, planned))

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the topic; its subscriptions stay."""
        self.client(aws).delete_topic(TopicArn=state["id"])


TYPES = (Topic,)
