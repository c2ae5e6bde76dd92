"""SNS: topics."""

from __future__ import annotations

import re
from typing import ClassVar

from ...protocol.base import existing
from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.identity import Identity
from ...protocol.plan import Change
from ...protocol.values import Values
from ..attributes import AttributesResource
from ..cloud import Aws
from ..documents import JSON
from ..names import name_of
from ..policy import POLICY
from ..resource import Calls
from ..tags import Tagging

_STANDARD, _FIFO = r"[0-9A-Za-z_-]{1,256}", r"[0-9A-Za-z_-]{1,251}\.fifo"
# CreateTopic takes only these attributes.
_CREATED = ("ContentBasedDeduplication", "FifoThroughputScope", "FifoTopic")


class Topic(AttributesResource):
    """A topic: forwards messages to its subscriptions.

    https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
    """

    type_name = "aws_sns_topic"
    label = "SNS Topic"
    service = "sns"
    calls = Calls(create="create_topic", delete="delete_topic")
    names: ClassVar = {
        "id": "TopicArn",
        "arn": "TopicArn",
        "http_failure_feedback_role_arn": "HTTPFailureFeedbackRoleArn",
        "http_success_feedback_role_arn": "HTTPSuccessFeedbackRoleArn",
        "http_success_feedback_sample_rate": "HTTPSuccessFeedbackSampleRate",
        "sqs_failure_feedback_role_arn": "SQSFailureFeedbackRoleArn",
        "sqs_success_feedback_role_arn": "SQSSuccessFeedbackRoleArn",
        "sqs_success_feedback_sample_rate": "SQSSuccessFeedbackSampleRate",
    }
    named_by = "name"
    identity = Identity(("arn",))
    tagging = Tagging()
    gone = ("NotFound",)
    documents: ClassVar = {"archive_policy": JSON, "delivery_policy": JSON, "policy": POLICY}

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        name, fifo = change.config.get("name"), change.planned["fifo_topic"]
        if change.creating and isinstance(name, str) and not re.fullmatch(_FIFO if fifo else _STANDARD, name):
            raise DiagnosticError(Diagnostic(f"invalid topic name: {name}"))
        if not fifo and change.planned["content_based_deduplication"]:
            raise DiagnosticError(Diagnostic("content-based deduplication can only be set for FIFO topics"))

    def create(self, aws: Aws, planned: Values) -> Values:
        name_of(planned, suffix=".fifo" if planned["fifo_topic"] else "")
        attributes = self.attributes(aws, planned)
        created = {key: attributes.pop(key) for key in _CREATED if key in attributes}
        arn = self.call(aws, "create_topic", planned, Attributes=created)["TopicArn"]
        with existing(arn):
            self._set(aws, arn, attributes)
        return {"id": arn, "arn": arn}

    def _set(self, aws: Aws, arn: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            self.client(aws).set_topic_attributes(TopicArn=arn, AttributeName=key, AttributeValue=value)

    def read(self, aws: Aws, state: Values) -> Values:
        attributes = self.client(aws).get_topic_attributes(TopicArn=state["id"])["Attributes"]
        return {**self.parsed(attributes), "name": state["id"].rpartition(":")[2]}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        self._set(aws, planned["id"], self.attributes(aws, planned, prior))


TYPES = (Topic,)
