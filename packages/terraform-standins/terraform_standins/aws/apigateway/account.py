"""API Gateway: the settings of an account."""

from __future__ import annotations

from ...protocol.plan import Change
from ...protocol.values import UNKNOWN, Values
from ..cloud import Aws
from ..model import given
from ..resource import Calls
from ..waiting import retry
from .patch import PatchedResource

_PROPAGATION_SECONDS = 120
"""How long API Gateway may fail to see a role that IAM has just created."""


class Account(PatchedResource):
    """The API Gateway settings of an account in a region.

    https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateAccount.html

    Since version 6 the provider implements it with the Terraform Plugin Framework: a change makes all computed values
    unknown, and a destroy removes the role.
    """

    type_name = "aws_api_gateway_account"
    label = "API Gateway Account"
    calls = Calls(create="update_account", read="get_account", update="update_account")
    gone = ()

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        if change.changed("cloudwatch_role_arn"):
            change.planned.update(dict.fromkeys(("api_key_version", "features", "throttle_settings"), UNKNOWN))

    def create(self, aws: Aws, planned: Values) -> Values:
        self._set(aws, planned["cloudwatch_role_arn"])
        return {"id": aws.account_id}

    def _set(self, aws: Aws, role: str | None) -> None:
        operation = {"op": "replace", "path": "/cloudwatchRoleArn", **given(value=role)}
        retry(
            lambda: self.client(aws).update_account(patchOperations=[operation]),
            # API Gateway tests the role, which IAM may have created a moment ago.
            lambda error: "does not have required permissions" in str(error) or "write to CloudWatch" in str(error),
            seconds=_PROPAGATION_SECONDS,
        )

    def read(self, aws: Aws, state: Values) -> Values:
        account = self.client(aws).get_account()
        throttle = account.get("throttleSettings")
        limits = (
            {"burst_limit": throttle.get("burstLimit"), "rate_limit": throttle.get("rateLimit")} if throttle else None
        )
        return {**self.values(aws, "Account", account), "throttle_settings": [limits] if limits else []}

    def remove(self, aws: Aws, state: Values) -> None:
        self._set(aws, None)


TYPES = (Account,)
