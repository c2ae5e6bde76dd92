"""ECR: repositories of container images, their policies, and the login to the registry."""

from __future__ import annotations

import base64

from ...protocol.base import EphemeralResource
from ..messages import aws_message, error_code
from ..model import timestamp
from ..resource import JSON, POLICY, REGIONAL, Aws, AwsData, AwsResource, Calls, Identity, Tagging, Values
from ..type import AwsType


class Repository(AwsResource):
    type_name, label, service = "aws_ecr_repository", "ECR Repository", "ecr"
    calls = Calls(
        "create_repository",
        "describe_repositories",
        ("put_image_tag_mutability", "put_image_scanning_configuration"),
        "delete_repository",
    )
    answer = "repositories[]"
    names = {
        "name": "repositoryName",
        "arn": "repositoryArn",
        "repository_url": "repositoryUri",
        "force_delete": "force",
    }
    named_by = "name"
    identity = Identity(("name",), REGIONAL)
    tagging = Tagging()

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        if error_code(error) != "RepositoryNotEmptyException":
            return super().explain(error, doing, values)
        told = aws_message(error, self.service)
        return f"{self.label} ({values['id']}) not empty, consider using force_delete: {told}"


class LifecyclePolicy(AwsResource):
    type_name, label, service = "aws_ecr_lifecycle_policy", "ECR Lifecycle Policy", "ecr"
    calls = Calls.of("lifecycle_policy", create="put", update="")
    names = {"repository": "repositoryName", "policy": "lifecyclePolicyText"}
    named_by = "repository"
    identity = Identity(("repository",), REGIONAL)
    documents = {"policy": JSON}


class RepositoryPolicy(AwsResource):
    type_name, label, service = "aws_ecr_repository_policy", "ECR Repository Policy", "ecr"
    calls = Calls.of("repository_policy", create="set", update="set")
    names = {"repository": "repositoryName", "policy": "policyText"}
    named_by, error_name = "repository", "{id}"
    identity = Identity(("repository",), REGIONAL)
    documents = {"policy": POLICY}


class AuthorizationToken(AwsType, EphemeralResource[Aws]):
    """A login to the registry, valid for 12 hours; it is not in the state."""

    type_name, label, service = "aws_ecr_authorization_token", "ECR Authorization Token", "ecr"

    def open(self, aws: Aws, config: Values) -> Values:
        data = self.client(aws).get_authorization_token()["authorizationData"][0]
        user_name, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
        return {
            "authorization_token": data["authorizationToken"],
            "expires_at": timestamp(data["expiresAt"]),
            "password": password,
            "proxy_endpoint": data["proxyEndpoint"],
            "region": aws.region,
            "user_name": user_name,
        }


class AuthorizationTokenData(AwsData):
    """A login to the registry as a data source: the password is in the state."""

    type_name, label, service = AuthorizationToken.type_name, AuthorizationToken.label, "ecr"
    arguments = ("registry_id",)

    def read(self, aws: Aws, config: Values) -> Values:
        return {**AuthorizationToken().open(aws, config), "id": aws.region}
