"""SNS: subscriptions to a topic."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.base import existing
from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.identity import Identity
from ...protocol.plan import Change
from ...protocol.values import UNKNOWN, Values
from ..attributes import AttributesResource
from ..cloud import Aws
from ..documents import JSON
from ..resource import Calls
from ..waiting import wait_for

_DOCUMENTS = ("delivery_policy", "filter_policy", "redrive_policy", "replay_policy")


class Subscription(AttributesResource):
    """A subscription: an endpoint that receives the messages of a topic.

    https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
    """

    type_name = "aws_sns_topic_subscription"
    label = "SNS Topic Subscription"
    service = "sns"
    calls = Calls(create="subscribe", delete="unsubscribe")
    names: ClassVar = {"id": "SubscriptionArn", "arn": "SubscriptionArn", "owner_id": "Owner"}
    identity = Identity(("arn",))
    gone = ("NotFound",)
    kept = ("confirmation_timeout_in_minutes", "endpoint_auto_confirms")
    documents: ClassVar = dict.fromkeys(_DOCUMENTS, JSON)

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        policy, scope = change.planned["filter_policy"], change.config.get("filter_policy_scope")
        if policy in (None, "") and scope not in (None, UNKNOWN):
            raise DiagnosticError(Diagnostic("filter_policy is required when filter_policy_scope is set"))
        if scope is None and change.prior:
            had = change.prior["filter_policy_scope"]
            change.planned["filter_policy_scope"] = (had and "MessageAttributes") if policy else ""

    def create(self, aws: Aws, planned: Values) -> Values:
        attributes = self.attributes(aws, planned)
        arn: str = self.call(aws, "subscribe", planned, Attributes=attributes, ReturnSubscriptionArn=True)[
            "SubscriptionArn"
        ]
        if planned["endpoint_auto_confirms"]:
            with existing(arn):
                wait_for(
                    lambda: None if self._get(aws, arn)["PendingConfirmation"] == "true" else True,
                    seconds=planned["confirmation_timeout_in_minutes"] * 60,
                    waiting_for=f"the endpoint {planned['endpoint']} to confirm the subscription",
                )
        return {"id": arn, "arn": arn}

    def _get(self, aws: Aws, arn: str) -> dict[str, str]:
        attributes: dict[str, str] = self.client(aws).get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
        return {"PendingConfirmation": "false", **attributes}

    def read(self, aws: Aws, state: Values) -> Values:
        return self.parsed(self._get(aws, state["id"]))

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        for key, value in self.attributes(aws, planned, prior).items():
            if key == "FilterPolicyScope" and not value:
                continue  # AWS removes it with the policy.
            # An empty document removes the policy; AWS refuses an empty string.
            empty = {"FilterPolicy": "{}", "RedrivePolicy": "{}"}.get(key, "")
            self.client(aws).set_subscription_attributes(
                SubscriptionArn=planned["id"], AttributeName=key, AttributeValue=value or empty
            )

    def remove(self, aws: Aws, state: Values) -> None:
        # AWS removes an unconfirmed subscription after some days.
        if not state["pending_confirmation"]:
            super().remove(aws, state)


TYPES = (Subscription,)
