"""A budget for what a deployment costs."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.budgets_budget import BudgetsBudget, BudgetsBudgetCostFilter, BudgetsBudgetNotification
from constructs import Construct

# Percent of the budget: what was spent, and what will have been at the end of the month.
_ALERTS = (("ACTUAL", 80), ("FORECASTED", 100))


class Budget(Construct):
    """A mail to `emails` when what has a tag costs more in a month than `monthly_usd`, or will.

    AWS knows the costs of a `tag` (key and value) only from the day on which the tag was activated for cost allocation,
    in the billing console of the account that pays. Costs are some hours late. Raises ValueError without an address.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, monthly_usd: float, tag: tuple[str, str], emails: Sequence[str]
    ) -> None:
        super().__init__(scope, id_)
        if not emails:
            raise ValueError("emails: got none. A budget needs an address to which it sends mails")
        key, value = tag
        alerts = [
            BudgetsBudgetNotification(
                comparison_operator="GREATER_THAN",
                notification_type=kind,
                threshold=percent,
                threshold_type="PERCENTAGE",
                subscriber_email_addresses=list(emails),
            )
            for kind, percent in _ALERTS
        ]
        self.resource = BudgetsBudget(
            self,
            "budget",
            name=f"{name}-monthly",
            budget_type="COST",
            limit_amount=f"{monthly_usd:g}",
            limit_unit="USD",
            time_unit="MONTHLY",
            cost_filter=[BudgetsBudgetCostFilter(name="TagKeyValue", values=[f"user:{key}${value}"])],
            notification=alerts,
        )
