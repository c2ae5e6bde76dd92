"""ECR: repositories."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.identity import Identity
from ...protocol.values import Values
from ..cloud import Aws
from ..messages import aws_message, error_code
from ..resource import REGIONAL, AwsResource, Calls
from ..tags import Tagging


class Repository(AwsResource):
    """A repository of container images.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
    """

    type_name = "aws_ecr_repository"
    label = "ECR Repository"
    service = "ecr"
    calls = Calls(
        create="create_repository",
        update=("put_image_tag_mutability", "put_image_scanning_configuration"),
        delete="delete_repository",
    )
    names: ClassVar = {
        "name": "repositoryName",
        "arn": "repositoryArn",
        "repository_url": "repositoryUri",
        "image_tag_mutability_exclusion_filter": "imageTagMutabilityExclusionFilters",
        "force_delete": "force",
    }
    named_by = "name"
    identity = Identity(("name",), REGIONAL)
    tagging = Tagging()
    gone = ("RepositoryNotFoundException",)

    def read(self, aws: Aws, state: Values) -> Values:
        (repository,) = self.client(aws).describe_repositories(repositoryNames=[state["name"]])["repositories"]
        # The embedded cloud omits values that were not configured.
        defaults = {
            "encryptionConfiguration": {"encryptionType": "AES256"},
            "imageScanningConfiguration": {"scanOnPush": False},
        }
        return self.values(aws, "Repository", {**defaults, **repository})

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        if error_code(error) != "RepositoryNotEmptyException":
            return super().explain(error, doing, values)
        told = aws_message(error, self.service)
        return f"{self.label} ({values['id']}) not empty, consider using force_delete: {told}"


TYPES = (Repository,)
