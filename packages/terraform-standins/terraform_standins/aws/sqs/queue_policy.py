"""SQS: who may do what with a queue."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.identity import Identity
from ...protocol.values import Values
from ..cloud import Aws
from ..policy import POLICY
from ..resource import AwsResource


class QueuePolicy(AwsResource):
    """The policy of a queue, which is one of its attributes.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
    """

    type_name = "aws_sqs_queue_policy"
    label = "SQS Queue Policy"
    service = "sqs"
    named_by = "queue_url"
    identity = Identity(("queue_url",))
    gone = ("AWS.SimpleQueueService.NonExistentQueue",)
    documents: ClassVar = {"policy": POLICY}

    def create(self, aws: Aws, planned: Values) -> Values:
        self._set(aws, planned["queue_url"], planned["policy"] or "")
        return {"id": planned["queue_url"]}

    def _set(self, aws: Aws, url: str, policy: str) -> None:
        self.client(aws).set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = self.client(aws).get_queue_attributes(QueueUrl=state["id"], AttributeNames=["Policy"])
        policy = answer.get("Attributes", {}).get("Policy")
        return {"queue_url": state["id"], "policy": policy} if policy else None

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        self._set(aws, planned["queue_url"], planned["policy"])

    def remove(self, aws: Aws, state: Values) -> None:
        self._set(aws, state["queue_url"], "")


TYPES = (QueuePolicy,)
