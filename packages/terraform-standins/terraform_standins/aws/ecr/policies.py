"""ECR: the policies of a repository."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.identity import Identity
from ...protocol.values import Values
from ..documents import JSON
from ..policy import POLICY
from ..resource import REGIONAL, AwsResource, Calls


class LifecyclePolicy(AwsResource):
    """The lifecycle policy of a repository: which images expire, and when.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html
    """

    type_name = "aws_ecr_lifecycle_policy"
    label = "ECR Lifecycle Policy"
    service = "ecr"
    calls = Calls("put_lifecycle_policy", "get_lifecycle_policy", delete="delete_lifecycle_policy")
    names: ClassVar = {"repository": "repositoryName", "policy": "lifecyclePolicyText"}
    named_by = "repository"
    identity = Identity(("repository",), REGIONAL)
    gone = ("RepositoryNotFoundException", "LifecyclePolicyNotFoundException")
    documents: ClassVar = {"policy": JSON}


class RepositoryPolicy(AwsResource):
    """The policy of a repository: who may do what with it.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html
    """

    type_name = "aws_ecr_repository_policy"
    label = "ECR Repository Policy"
    service = "ecr"
    calls = Calls(
        create="set_repository_policy",
        read="get_repository_policy",
        update="set_repository_policy",
        delete="delete_repository_policy",
    )
    names: ClassVar = {"repository": "repositoryName", "policy": "policyText"}
    named_by = "repository"
    identity = Identity(("repository",), REGIONAL)
    gone = ("RepositoryNotFoundException", "RepositoryPolicyNotFoundException")
    documents: ClassVar = {"policy": POLICY}

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        # The provider's message does not contain the name.
        return super().explain(error, doing, {"id": values.get("id")})


TYPES = (LifecyclePolicy, RepositoryPolicy)
