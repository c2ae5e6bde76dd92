"""SQS: who may do what with a queue."""

from typing import ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..documents import normalise_json
from ..policy import same_policy, stored
from ..resource import AwsResource


class QueuePolicy(AwsResource):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html ."""

    type_name = "aws_sqs_queue_policy"
    label = "SQS Queue Policy"
    service = "sqs"
    gone = ("AWS.SimpleQueueService.NonExistentQueue",)
    arguments: ClassVar = {"queue_url", "policy"}
    normalise: ClassVar = {"policy": normalise_json}
    suppress: ClassVar = {"policy": same_policy}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Set the policy."""
        self._set(aws, planned["queue_url"], planned["policy"] or "")
        return {"id": planned["queue_url"]}

    def _set(self, aws: Aws, url: str, policy: str) -> None:
        self.client(aws).set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Get the policy."""
        answer = self.client(aws).get_queue_attributes(QueueUrl=state["id"], AttributeNames=["Policy"])
        policy = answer.get("Attributes", {}).get("Policy")
        return {"queue_url": state["id"], "policy": stored(state["policy"], normalise_json(policy))} if policy else None

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Set it again."""
        self._set(aws, planned["id"], planned["policy"])

    def remove(self, aws: Aws, state: Values) -> None:
        """Take it away."""
        self._set(aws, state["id"], "")


TYPES = (QueuePolicy,)
