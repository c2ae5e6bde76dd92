"""Secrets and parameters whose values are in no plan and no state: `cdktf-harness aws secret NAME` sets them."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from constructs import Construct


class Secret(Construct):
    """A secret of AWS Secrets Manager without a value: `cdktf-harness aws secret NAME` sets it, after the deployment.

    After a deletion, AWS keeps it and its name for `recovery_days` (7 to 30); 0 deletes both at once.
    """

    kind = "secret"

    def __init__(self, scope: Construct, id_: str, *, name: str, recovery_days: int = 30) -> None:
        super().__init__(scope, id_)
        # checkov:skip=CKV_AWS_149: AWS's own key is enough; another one costs $1 a month
        # checkov:skip=CKV2_AWS_57: only who issues the value can rotate it
        secret = SecretsmanagerSecret(self, "secret", name=name, recovery_window_in_days=recovery_days)
        self.name, self.arn = secret.name, secret.arn
        self.granted_arn = self.arn


class Parameter(Construct):
    """An encrypted parameter of Systems Manager: like a secret, but without a price, and up to 4 KB.

    `name` is a path, such as "/app/limit". Needs Terraform 1.11 or newer, for the write-only argument.
    """

    kind = "parameter"

    def __init__(self, scope: Construct, id_: str, *, name: str) -> None:
        from cdktf_cdktf_provider_aws.ssm_parameter import SsmParameter

        super().__init__(scope, id_)
        # AWS has no parameter without a value: this one is in version 1. Terraform neither stores it nor reads a later
        # one, and removes the parameter with its rights and tags, as it would not what a command creates.
        # checkov:skip=CKV_AWS_337: AWS's own key is enough; another one costs $1 a month
        parameter = SsmParameter(self, "parameter", name=name, type="SecureString", value_wo="-", value_wo_version=1)
        self.name, self.arn = parameter.name, parameter.arn
        self.granted_arn = self.arn
