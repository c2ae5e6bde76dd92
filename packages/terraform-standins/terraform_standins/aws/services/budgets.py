"""AWS Budgets: budgets, and whom they notify."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..resource import Aws, AwsResource, Calls, Tagging, Values, as_list, given

_SUBSCRIBERS = {"EMAIL": "subscriber_email_addresses", "SNS": "subscriber_sns_topic_arns"}
_CONDITION = {
    "ComparisonOperator": "comparison_operator",
    "NotificationType": "notification_type",
    "Threshold": "threshold",
    "ThresholdType": "threshold_type",
}
_TIME = "%Y-%m-%d_%H:%M"


class Budget(AwsResource):
    """https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html"""

    type_name, label, service = "aws_budgets_budget", "Budget", "budgets"
    calls = Calls.of("budget", read="describe")
    names = {"name": "BudgetName", "limit_amount": "BudgetLimit.Amount", "limit_unit": "BudgetLimit.Unit"}
    named_by, tagging = "name", Tagging()
    refused = ("auto_adjust_data", "billing_view_arn", "cost_types", "planned_limit", "time_period_start")

    def create(self, aws: Aws, planned: Values) -> Values:
        who = {"AccountId": planned["account_id"] or aws.account_id}
        notified = [{"Notification": one, "Subscribers": who_} for one, who_ in _notifications(planned)]
        more = given(NotificationsWithSubscribers=notified, ResourceTags=as_list(planned["tags_all"]))
        self.client(aws).create_budget(**who, Budget=self._budget(aws, planned), **more)
        return {"id": f"{who['AccountId']}:{planned['name']}"}

    def read(self, aws: Aws, state: Values) -> Values:
        client, who = self.client(aws), _who(state)
        found, notified = client.describe_budget(**who)["Budget"], []
        for one in client.describe_notifications_for_budget(**who).get("Notifications", ()):
            condition = {key: one[key] for key in _CONDITION}
            subscribers = client.describe_subscribers_for_notification(**who, Notification=condition)["Subscribers"]
            addresses = {
                name: [subscriber["Address"] for subscriber in subscribers if subscriber["SubscriptionType"] == kind]
                for kind, name in _SUBSCRIBERS.items()
            }
            notified.append({**{name: one[key] for key, name in _CONDITION.items()}, **addresses})
        period = found["TimePeriod"]
        return {
            **self.values(aws, "Budget", found),
            "account_id": who["AccountId"],
            "arn": f"arn:{aws.partition}:budgets::{who['AccountId']}:budget/{who['BudgetName']}",
            "cost_filter": [{"name": key, "values": values} for key, values in found.get("CostFilters", {}).items()],
            "notification": notified,
            "time_period_end": period["End"].strftime(_TIME),
            "time_period_start": period["Start"].strftime(_TIME),
        }

    def _budget(self, aws: Aws, planned: Values) -> dict[str, Any]:
        filters = {one["name"]: one["values"] for one in planned["cost_filter"] or ()}
        return {**self.structure(aws, "Budget", planned), **given(CostFilters=filters)}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        client, who = self.client(aws), _who(prior)
        client.update_budget(AccountId=who["AccountId"], NewBudget=self._budget(aws, planned))
        had, wanted = list(_notifications(prior)), list(_notifications(planned))
        for one, _ in (each for each in had if each not in wanted):
            client.delete_notification(**who, Notification=one)
        for one, subscribers in (each for each in wanted if each not in had):
            client.create_notification(**who, Notification=one, Subscribers=subscribers)

    def remove(self, aws: Aws, state: Values) -> None:
        self.client(aws).delete_budget(**_who(state))


def _who(state: Values) -> dict[str, str]:
    account, _, name = state["id"].partition(":")
    return {"AccountId": account, "BudgetName": name}


def _notifications(values: Values) -> Iterator[tuple[dict[str, Any], list[dict[str, str]]]]:
    """Yield each notification of the configuration, and its subscribers."""
    for one in values["notification"] or ():
        subscribers = [
            {"SubscriptionType": kind, "Address": address}
            for kind, name in _SUBSCRIBERS.items()
            for address in sorted(one[name] or ())
        ]
        yield {key: one[name] for key, name in _CONDITION.items()}, subscribers
