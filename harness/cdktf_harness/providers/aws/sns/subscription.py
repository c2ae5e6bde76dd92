"""SNS: subscriptions to a topic."""

from __future__ import annotations

from typing import Any, ClassVar

from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.identity import Identity
from ...protocol.plan import Change
from ...protocol.values import UNKNOWN, Values
from ...resource import existing
from ..attributes import Table, as_values, changed_ones, set_ones
from ..cloud import Aws
from ..documents import normalise_json, same_json
from ..resource import AwsResource
from ..waiting import poll

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
    identity = Identity(("arn",))
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
        arn: str = client.subscribe(
            TopicArn=topic,
            Protocol=planned["protocol"],
            Endpoint=planned["endpoint"],
            Attributes=set_ones(_SUBSCRIPTION, planned),
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        if planned["endpoint_auto_confirms"]:
            with existing(arn):
                poll(
                    lambda: None if self._pending(client, arn) else True,
                    seconds=planned["confirmation_timeout_in_minutes"] * 60,
                    waiting_for=f"the endpoint {planned['endpoint']} to confirm the subscription",
                )
        return {"id": arn, "arn": arn}

    def _pending(self, client: Any, arn: str) -> bool:
        attributes = client.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
        return bool(attributes.get("PendingConfirmation") == "true")

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the subscription's attributes."""
        attributes = self.client(aws).get_subscription_attributes(SubscriptionArn=state["id"])["Attributes"]
        values = as_values(_SUBSCRIPTION, attributes)
        for name in _DOCUMENTS:
            values[name] = None if values[name] is None else _same_text(state[name], values[name])
        return {
            **values,
            "arn": attributes["SubscriptionArn"],
            "confirmation_was_authenticated": attributes.get("ConfirmationWasAuthenticated") == "true",
            "endpoint": attributes.get("Endpoint"),
            "owner_id": attributes.get("Owner"),
            "pending_confirmation": attributes.get("PendingConfirmation") == "true",
            "protocol": attributes.get("Protocol"),
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


TYPES = (Subscription,)
