"""Where alarms go."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktf_cdktf_provider_aws.data_aws_partition import DataAwsPartition
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from cdktf_lambda_api.policies import policy


class Notifications(Construct):
    """A topic that is encrypted with a key of its own: AWS's key for SNS does not let CloudWatch publish."""

    def __init__(self, scope: Construct, id_: str, *, name: str, email: str) -> None:
        super().__init__(scope, id_)
        account = DataAwsCallerIdentity(self, "account").account_id
        partition = DataAwsPartition(self, "partition").partition
        # Without the first, the key could not be changed (KMS guide, "Default key policy"); the second is in SNS's
        # guide, "Enable compatibility between event sources from AWS services and encrypted topics".
        owners = {"Principal": {"AWS": f"arn:{partition}:iam::{account}:root"}, "Action": "kms:*"}
        alarms = {
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        }
        key = KmsKey(
            self,
            "key",
            description=f"alarms of {name}",
            enable_key_rotation=True,
            deletion_window_in_days=7,
            policy=policy(*({"Effect": "Allow", "Resource": "*", **statement} for statement in (owners, alarms))),
        )
        topic = SnsTopic(self, "topic", name=f"{name}-alarms", kms_master_key_id=key.arn)
        self.topic_arn = topic.arn
        if email:
            SnsTopicSubscription(self, "email", topic_arn=topic.arn, protocol="email", endpoint=email)
