"""SQS: the policies of queues."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.identity import Identity
from ...protocol.values import Values
from ..cloud import Aws
from ..policy import POLICY
from ..resource import AwsResource, Calls


class QueuePolicy(AwsResource):
    """The policy of a queue, which AWS stores as an attribute of the queue.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
    """

    type_name = "aws_sqs_queue_policy"
    label = "SQS Queue Policy"
    service = "sqs"
    calls = Calls(create="set_queue_attributes", update="set_queue_attributes")
    named_by = "queue_url"
    identity = Identity(("queue_url",))
    gone = ("AWS.SimpleQueueService.NonExistentQueue",)
    documents: ClassVar = {"policy": POLICY}

    def create(self, aws: Aws, planned: Values) -> Values:
        self.call(aws, "set_queue_attributes", planned, Attributes={"Policy": planned["policy"] or ""})
        return {"id": planned["queue_url"]}

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = self.call(aws, "get_queue_attributes", state, AttributeNames=["Policy"])
        policy = answer.get("Attributes", {}).get("Policy")
        return {"queue_url": state["id"], "policy": policy} if policy else None

    def remove(self, aws: Aws, state: Values) -> None:
        self.call(aws, "set_queue_attributes", state, Attributes={"Policy": ""})


TYPES = (QueuePolicy,)
