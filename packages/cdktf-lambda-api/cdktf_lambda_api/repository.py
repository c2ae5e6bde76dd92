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

from cdktf_lambda_api.cloud import Cloud
from cdktf_lambda_api.policies import policy

# Begins the tag of an image that answered after it was deployed.
RELEASED = "release-"
# Begins the tag of a signature in cosign's format.
SIGNATURE = "sha256-"
# More than there are images: ECR deletes a signature with its image (ECR's guide, "Sign images", Considerations).
SIGNATURES_KEPT = 10000


class Repository(Construct):
    """An ECR repository of immutable tags that Lambda functions of its own account may pull from.

    With `force_delete` it is deleted with its images, else only if it has none. If images are `signed`, their
    signatures do not count as images. Lambda may pull from it after `policy`. Raises ValueError if `images_kept` is not
    positive.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        cloud: Cloud,
        images_kept: int,
        force_delete: bool = False,
        signed: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        if images_kept < 1:
            raise ValueError(f"images_kept: got {images_kept}. It should be 1 or more")
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
        self.cloud, self.name, self.address = cloud, self.resource.name, cloud.repository_address(self.resource)
        # An image with a tag of the first rule is never expired by the second one (ECR guide, "Lifecycle policy
        # properties"): neither the live one nor the one before it, however many others were pushed since.
        released = max(images_kept, 2)
        rules = [
            _expire(f"keep the last {released} released images", released, _tagged(RELEASED)),
            *([_expire("keep the signatures of images", SIGNATURES_KEPT, _tagged(SIGNATURE))] if signed else []),
            _expire(f"keep the last {images_kept} images", images_kept, {"tagStatus": "any"}),
        ]
        rules = [{"rulePriority": priority, **rule} for priority, rule in enumerate(rules, 1)]
        EcrLifecyclePolicy(self, "lifecycle", repository=self.name, policy=json.dumps({"rules": rules}))
        # Lambda's guide, "Amazon ECR permissions".
        functions = f"arn:*:lambda:{cloud.region}:{self.resource.registry_id}:function:*"
        lambda_may_pull = policy(
            Sid="LambdaPull",
            Effect="Allow",
            Principal={"Service": "lambda.amazonaws.com"},
            Action=["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            Condition={"StringLike": {"aws:sourceArn": functions}},
        )
        self.policy = EcrRepositoryPolicy(self, "policy", repository=self.name, policy=lambda_may_pull)


def _tagged(prefix: str) -> dict[str, object]:
    return {"tagStatus": "tagged", "tagPrefixList": [prefix]}


def _expire(description: str, images: int, selection: dict[str, object]) -> dict[str, object]:
    return {
        "description": description,
        "selection": {**selection, "countType": "imageCountMoreThan", "countNumber": images},
        "action": {"type": "expire"},
    }
