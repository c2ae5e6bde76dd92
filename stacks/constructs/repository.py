"""The image repository."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.ecr_lifecycle_policy import EcrLifecyclePolicy
from cdktf_cdktf_provider_aws.ecr_repository import (
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
)
from cdktf_cdktf_provider_aws.ecr_repository_policy import EcrRepositoryPolicy
from constructs import Construct

from stacks.constructs.policy import policy


class Repository(Construct):
    """An ECR repository of immutable tags that Lambda functions of its own account may pull from.

    With `force_delete` it is deleted with its images, else only if it has none.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, region: str, images_kept: int, force_delete: bool
    ) -> None:
        super().__init__(scope, id_)
        self.resource = EcrRepository(
            self,
            "repository",
            name=name,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=True),
            encryption_configuration=[EcrRepositoryEncryptionConfiguration(encryption_type="AES256")],
            force_delete=force_delete,
        )
        keep_last = {
            "rulePriority": 1,
            "description": f"keep the last {images_kept} images",
            "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": images_kept},
            "action": {"type": "expire"},
        }
        EcrLifecyclePolicy(self, "lifecycle", repository=self.resource.name, policy=json.dumps({"rules": [keep_last]}))
        # Lambda's guide, "Amazon ECR permissions".
        functions = f"arn:*:lambda:{region}:{self.resource.registry_id}:function:*"
        lambda_may_pull = policy(
            Sid="LambdaPull",
            Effect="Allow",
            Principal={"Service": "lambda.amazonaws.com"},
            Action=["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            Condition={"StringLike": {"aws:sourceArn": functions}},
        )
        EcrRepositoryPolicy(self, "policy", repository=self.resource.name, policy=lambda_may_pull)
