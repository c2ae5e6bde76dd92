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

# Begins the tag of an image that answered after it was deployed.
RELEASED = "release-"


class Repository(Construct):
    """An ECR repository of immutable tags that Lambda functions of its own account may pull from.

    With `force_delete` it is deleted with its images, else only if it has none.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, region: str, images_kept: int, force_delete: bool
    ) -> None:
        super().__init__(scope, id_)
        # checkov:skip=CKV_AWS_136: AWS's own key is enough for images without secrets; another one costs $1 a month
        self.resource = EcrRepository(
            self,
            "repository",
            name=name,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=True),
            encryption_configuration=[EcrRepositoryEncryptionConfiguration(encryption_type="AES256")],
            force_delete=force_delete,
        )
        # An image with a tag of the first rule is never expired by the second one (ECR guide, "Lifecycle policy
        # properties"): neither the live one nor the one before it, however many others were pushed since.
        released = max(images_kept, 2)
        rules = [
            _expire(
                1, f"keep the last {released} released images", released, tagStatus="tagged", tagPrefixList=[RELEASED]
            ),
            _expire(2, f"keep the last {images_kept} images", images_kept, tagStatus="any"),
        ]
        EcrLifecyclePolicy(self, "lifecycle", repository=self.resource.name, policy=json.dumps({"rules": rules}))
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


def _expire(priority: int, description: str, images: int, **selection: object) -> dict[str, object]:
    return {
        "rulePriority": priority,
        "description": description,
        "selection": {**selection, "countType": "imageCountMoreThan", "countNumber": images},
        "action": {"type": "expire"},
    }
