"""SNS: topics and subscriptions."""

from __future__ import annotations

import re
from typing import Any

from ...protocol.values import UNKNOWN
from ..resource import JSON, POLICY, Answer, Aws, AwsResource, Calls, Change, DiagnosticError, Identity, Tagging, Values
from ..waiting import wait_for
from .attributes import AttributesResource

_STANDARD, _FIFO = r"[0-9A-Za-z_-]{1,256}", r"[0-9A-Za-z_-]{1,251}\.fifo"
_FEEDBACK = ("success_feedback_role_arn", "success_feedback_sample_rate", "failure_feedback_role_arn")


class Topic(AttributesResource):
    type_name, label, service = "aws_sns_topic", "SNS Topic", "sns"
    calls = Calls("create_topic", "get_topic_attributes", "set_topic_attributes", "delete_topic")
    created = ("ContentBasedDeduplication", "FifoThroughputScope", "FifoTopic")
    names = {
        "id": "TopicArn",
        "arn": "TopicArn",
        **{f"{x}_{f}": x.upper() + f.title().replace("_", "") for x in ("http", "sqs") for f in _FEEDBACK},
    }
    named_by = "name"
    identity = Identity(("arn",))
    tagging = Tagging()
    documents = {"archive_policy": JSON, "delivery_policy": JSON, "policy": POLICY}

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        name, fifo = change.config.get("name"), change.planned["fifo_topic"]
        if change.creating and isinstance(name, str) and not re.fullmatch(_FIFO if fifo else _STANDARD, name):
            raise DiagnosticError(f"invalid topic name: {name}")
        if not fifo and change.planned["content_based_deduplication"]:
            raise DiagnosticError("content-based deduplication can only be set for FIFO topics")

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        return {**super().parsed(aws, state, found), "name": state["id"].rpartition(":")[2]}


class Subscription(AttributesResource):
    type_name, label, service = "aws_sns_topic_subscription", "SNS Topic Subscription", "sns"
    calls = Calls("subscribe", "get_subscription_attributes", "set_subscription_attributes", "unsubscribe")
    extra = {"subscribe": {"ReturnSubscriptionArn": True}}
    names = {"id": "SubscriptionArn", "arn": "SubscriptionArn", "owner_id": "Owner"}
    identity = Identity(("arn",))
    kept = ("confirmation_timeout_in_minutes", "endpoint_auto_confirms")
    documents = dict.fromkeys(("delivery_policy", "filter_policy", "redrive_policy", "replay_policy"), JSON)
    defaults = {"PendingConfirmation": "false"}
    # An empty document removes the policy; AWS refuses an empty string.
    empty = {"FilterPolicy": "{}", "RedrivePolicy": "{}"}

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        policy, scope = change.planned["filter_policy"], change.config.get("filter_policy_scope")
        if policy in (None, "") and scope not in (None, UNKNOWN):
            raise DiagnosticError("filter_policy is required when filter_policy_scope is set")
        if scope is None and change.prior:
            had = change.prior["filter_policy_scope"]
            change.planned["filter_policy_scope"] = (had and "MessageAttributes") if policy else ""

    def complete(self, aws: Aws, created: Values) -> None:
        if created["endpoint_auto_confirms"]:
            wait_for(
                lambda: {**self.defaults, **(self.found(aws, created) or {})}["PendingConfirmation"] != "true" or None,
                seconds=created["confirmation_timeout_in_minutes"] * 60,
                waiting_for=f"the endpoint {created['endpoint']} to confirm the subscription",
            )

    def attributes(self, aws: Aws, planned: Values, prior: Values | None = None) -> dict[str, str]:
        attributes = super().attributes(aws, planned, prior)
        # AWS removes the scope with the policy.
        return {key: value for key, value in attributes.items() if value or key != "FilterPolicyScope"}

    def remove(self, aws: Aws, state: Values) -> None:
        # AWS removes an unconfirmed subscription after some days.
        if not state["pending_confirmation"]:
            super().remove(aws, state)


class TopicPolicy(AwsResource):
    """AWS has no topic without one: it stays until the topic is deleted."""

    type_name, label, service, named_by = "aws_sns_topic_policy", "SNS Topic Policy", "sns", "arn"
    calls = Calls.of("topic_attributes", create="set", update="set", delete="")
    answer, names, documents, kept = "Attributes", {"arn": "TopicArn"}, {"policy": POLICY}, ("policy",)

    def make(self, aws: Aws, planned: Values) -> Any:
        policy = {"AttributeName": "Policy", "AttributeValue": planned["policy"]}
        return self.client(aws).set_topic_attributes(TopicArn=planned["arn"], **policy)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        return {"arn": state["id"], "policy": found["Policy"], "owner": found["Owner"]}
