"""A secret whose value is in no plan and no state."""

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
