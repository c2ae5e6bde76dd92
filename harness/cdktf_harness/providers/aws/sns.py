"""SNS: topics and their subscriptions."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from ..protocol.diagnostics import Diagnostic, DiagnosticError
from ..protocol.plan import Change
from ..protocol.values import UNKNOWN, Values
from ..resource import existing
from .attributes import Table, as_values, changed_ones, set_ones
from .cloud import Aws
from .documents import normalise_json, same_json
from .policy import same_policy, stored
from .resource import AwsResource
from .shapes import name_of, poll, prefix_of
from .tags import Tagging, as_list, from_list

_TAGGING = Tagging("sns", "ResourceArn", tags="Tags", keys="TagKeys", listed=True)
_CONFIRMATION_SECONDS_A_MINUTE = 60

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
# CreateTopic takes no others.
_CREATED = ("content_based_deduplication", "fifo_throughput_scope", "fifo_topic")


class Topic(AwsResource):
    """https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html ."""

    type_name = "aws_sns_topic"
    label = "SNS Topic"
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
        name = f"{name_of(planned)}{'.fifo' if planned['fifo_topic'] and not planned['name'] else ''}"
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


_STANDARD, _FIFO = r"[0-9A-Za-z_-]{1,256}", r"[0-9A-Za-z_-]{1,251}\.fifo"

_SUBSCRIPTION: Table = {
    "delivery_policy": ("DeliveryPolicy", str),
    "filter_policy": ("FilterPolicy", str),
    "filter_policy_scope": ("FilterPolicyScope", str),
    "raw_message_delivery": ("RawMessageDelivery", bool),
    "redrive_policy": ("RedrivePolicy", str),
    "replay_policy": ("ReplayPolicy", str),
    "subscription_role_arn": ("SubscriptionRoleArn", str),
}
_DOCUMENTS = ("delivery_policy", "filter_policy", "redrive_policy", "replay_policy")


class Subscription(AwsResource):
    """https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html ."""

    type_name = "aws_sns_topic_subscription"
    label = "SNS Topic Subscription"
    service = "sns"
    gone = ("NotFound",)
    arguments: ClassVar = {
        "topic_arn",
        "protocol",
        "endpoint",
        "endpoint_auto_confirms",
        "confirmation_timeout_in_minutes",
        *_SUBSCRIPTION,
    }
    normalise: ClassVar = dict.fromkeys(_DOCUMENTS, normalise_json)
    suppress: ClassVar = dict.fromkeys(_DOCUMENTS, same_json)

    def customise(self, aws: Aws, change: Change) -> None:
        """A scope without a policy is refused; a scope that is no longer given is AWS's default again."""
        super().customise(aws, change)
        policy, scope = change.planned["filter_policy"], change.config.get("filter_policy_scope")
        if policy in (None, "") and scope not in (None, UNKNOWN):
            raise DiagnosticError(Diagnostic("filter_policy is required when filter_policy_scope is set"))
        if scope is None and change.prior:
            had = change.prior["filter_policy_scope"]
            change.planned["filter_policy_scope"] = (had and "MessageAttributes") if policy else ""

    def create(self, aws: Aws, planned: Values) -> Values:
        """Subscribe; an endpoint that confirms by itself is waited for."""
        client, topic = self.client(aws), planned["topic_arn"]
        arn = client.subscribe(
            TopicArn=topic,
            Protocol=planned["protocol"],
            Endpoint=planned["endpoint"],
            Attributes=set_ones(_SUBSCRIPTION, planned),
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        if not arn.startswith("arn:"):
            # For endpoints over HTTP the embedded cloud keeps the ARN back, though it was asked for.
            arn = self._find(client, planned)
        if planned["endpoint_auto_confirms"]:
            with existing(arn):
                poll(
                    lambda: None if self._pending(client, arn) else True,
                    seconds=planned["confirmation_timeout_in_minutes"] * _CONFIRMATION_SECONDS_A_MINUTE,
                    waiting_for=f"the endpoint {planned['endpoint']} to confirm the subscription",
                )
        return {"id": arn, "arn": arn}

    def _find(self, client: Any, planned: Values) -> str:
        pages = client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=planned["topic_arn"])
        wanted = (planned["protocol"], planned["endpoint"])
        found = (s for page in pages for s in page["Subscriptions"] if (s["Protocol"], s["Endpoint"]) == wanted)
        return str(next(found)["SubscriptionArn"])

    def _pending(self, client: Any, arn: str) -> bool:
        attributes = client.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
        return bool(attributes.get("PendingConfirmation") == "true")

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the subscription's attributes."""
        attributes = self.client(aws).get_subscription_attributes(SubscriptionArn=state["id"])["Attributes"]
        values = as_values(_SUBSCRIPTION, attributes)
        for name in _DOCUMENTS:
            # The embedded cloud keeps an emptied document as `{}`.
            values[name] = None if values[name] in (None, "{}") else _same_text(state[name], values[name])
        return {
            **values,
            "arn": attributes["SubscriptionArn"],
            "confirmation_was_authenticated": attributes.get("ConfirmationWasAuthenticated") == "true",
            "endpoint": attributes.get("Endpoint"),
            "owner_id": attributes.get("Owner"),
            "pending_confirmation": attributes.get("PendingConfirmation") == "true",
            "protocol": attributes.get("Protocol"),
            # The embedded cloud keeps the scope of a policy that is gone.
            "filter_policy_scope": values["filter_policy_scope"] if values["filter_policy"] else None,
            "topic_arn": attributes.get("TopicArn"),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Set what differs."""
        for key, value in changed_ones(_SUBSCRIPTION, prior, planned).items():
            if key == "FilterPolicyScope" and not value:
                continue  # It goes with the policy.
            # AWS takes an empty document away, but refuses no document.
            empty = {"FilterPolicy": "{}", "RedrivePolicy": "{}"}.get(key, "")
            self.client(aws).set_subscription_attributes(
                SubscriptionArn=planned["id"], AttributeName=key, AttributeValue=value or empty
            )

    def remove(self, aws: Aws, state: Values) -> None:
        """Unsubscribe; one that nobody confirmed goes by itself after some days."""
        if not state["pending_confirmation"]:
            self.client(aws).unsubscribe(SubscriptionArn=state["id"])


def _same_text(state: str | None, answer: str) -> str:
    return state if state and same_json(state, answer) else normalise_json(answer)


TYPES = (Topic, Subscription)
