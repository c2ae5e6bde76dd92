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


class Repository(Construct):
    """An ECR repository of immutable tags that Lambda functions of its own account may pull from.

    It is deleted with its images.
    """

    def __init__(self, scope: Construct, id_: str, *, name: str, region: str, images_kept: int) -> None:
        super().__init__(scope, id_)
        self.resource = EcrRepository(
            self,
            "repository",
            name=name,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=True),
            encryption_configuration=[EcrRepositoryEncryptionConfiguration(encryption_type="AES256")],
            force_delete=True,
        )
        EcrLifecyclePolicy(self, "lifecycle", repository=self.resource.name, policy=json.dumps(_keep_last(images_kept)))
        EcrRepositoryPolicy(
            self,
            "policy",
            repository=self.resource.name,
            policy=json.dumps(_lambda_may_pull(region=region, account=self.resource.registry_id)),
        )


def _keep_last(images: int) -> dict[str, object]:
    rule = {
        "rulePriority": 1,
        "description": f"keep the last {images} images",
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": images},
        "action": {"type": "expire"},
    }
    return {"rules": [rule]}


def _lambda_may_pull(*, region: str, account: str) -> dict[str, object]:
    """Return the policy of the Lambda guide, "Amazon ECR permissions", for the functions of one account."""
    statement = {
        "Sid": "LambdaPull",
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        "Condition": {"StringLike": {"aws:sourceArn": f"arn:*:lambda:{region}:{account}:function:*"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
