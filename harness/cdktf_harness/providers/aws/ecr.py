"""ECR: repositories and what hangs on them."""

from __future__ import annotations

import base64
from datetime import UTC
from typing import Any, ClassVar

from ..protocol.identity import Identity
from ..protocol.values import Values
from ..resource import EphemeralResource
from . import tags
from .cloud import Aws
from .documents import normalise_json, same_json
from .policy import same_policy, stored
from .resource import REGIONAL, AwsResource, AwsType, aws_message, error_code


class Repository(AwsResource):
    """https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html ."""

    type_name = "aws_ecr_repository"
    label = "ECR Repository"
    identity = Identity(("name",), REGIONAL)
    service = "ecr"
    tagging = tags.ECR
    gone = ("RepositoryNotFoundException",)
    arguments: ClassVar = {
        "name",
        "image_tag_mutability",
        "image_tag_mutability_exclusion_filter",
        "encryption_configuration",
        "image_scanning_configuration",
        "force_delete",
    }

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the repository."""
        request: dict[str, Any] = {"repositoryName": planned["name"], **_mutability(planned)}
        for encryption in planned["encryption_configuration"]:
            key = {"kmsKey": encryption["kms_key"]} if encryption["kms_key"] else {}
            request["encryptionConfiguration"] = {"encryptionType": encryption["encryption_type"], **key}
        if planned["image_scanning_configuration"]:
            request["imageScanningConfiguration"] = _scanning(planned)
        self.client(aws).create_repository(**request, tags=tags.as_list(planned["tags_all"]))
        return {"id": planned["name"]}

    def read(self, aws: Aws, state: Values) -> Values:
        """Describe the repository."""
        client = self.client(aws)
        (repository,) = client.describe_repositories(repositoryNames=[state["id"]])["repositories"]
        encryption = repository.get("encryptionConfiguration") or {"encryptionType": "AES256"}
        scanning = repository.get("imageScanningConfiguration") or {}
        filters = repository.get("imageTagMutabilityExclusionFilters") or []
        return {
            "name": repository["repositoryName"],
            "arn": repository["repositoryArn"],
            "registry_id": repository["registryId"],
            "repository_url": repository["repositoryUri"],
            "image_tag_mutability": repository["imageTagMutability"],
            "image_tag_mutability_exclusion_filter": [
                {"filter": f["filter"], "filter_type": f["filterType"]} for f in filters
            ],
            "image_scanning_configuration": [{"scan_on_push": scanning.get("scanOnPush", False)}],
            "encryption_configuration": [
                {"encryption_type": encryption["encryptionType"], "kms_key": encryption.get("kmsKey")}
            ],
            "tags": tags.from_list(client.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Change tag mutability and scanning, the only two that AWS can change."""
        client, who = self.client(aws), {"repositoryName": planned["id"]}
        if _mutability(prior) != _mutability(planned):
            client.put_image_tag_mutability(**who, **_mutability(planned))
        if _scanning(prior) != _scanning(planned):
            client.put_image_scanning_configuration(**who, imageScanningConfiguration=_scanning(planned))

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the repository, with its images if `force_delete` says so."""
        self.client(aws).delete_repository(repositoryName=state["id"], force=bool(state["force_delete"]))

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """With what helps against images that are in it."""
        if error_code(error) != "RepositoryNotEmptyException":
            return super().explain(error, doing, values)
        told = aws_message(error, self.service)
        return f"{self.label} ({values['id']}) not empty, consider using force_delete: {told}"


def _mutability(values: Values) -> dict[str, Any]:
    filters = [
        {"filter": f["filter"], "filterType": f["filter_type"]} for f in values["image_tag_mutability_exclusion_filter"]
    ]
    request: dict[str, Any] = {"imageTagMutability": values["image_tag_mutability"]}
    return {**request, "imageTagMutabilityExclusionFilters": filters} if filters else request


def _scanning(values: Values) -> dict[str, bool]:
    return {"scanOnPush": any(block["scan_on_push"] for block in values["image_scanning_configuration"])}


class LifecyclePolicy(AwsResource):
    """https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html ."""

    type_name = "aws_ecr_lifecycle_policy"
    label = "ECR Lifecycle Policy"
    identity = Identity(("repository",), REGIONAL)
    service = "ecr"
    gone = ("RepositoryNotFoundException", "LifecyclePolicyNotFoundException")
    arguments: ClassVar = {"repository", "policy"}
    normalise: ClassVar = {"policy": normalise_json}
    suppress: ClassVar = {"policy": same_json}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Put the policy."""
        self.client(aws).put_lifecycle_policy(
            repositoryName=planned["repository"], lifecyclePolicyText=planned["policy"]
        )
        return {"id": planned["repository"]}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the policy."""
        answer = self.client(aws).get_lifecycle_policy(repositoryName=state["id"])
        return {
            "repository": answer["repositoryName"],
            "registry_id": answer["registryId"],
            "policy": normalise_json(answer["lifecyclePolicyText"]),
        }

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the policy."""
        self.client(aws).delete_lifecycle_policy(repositoryName=state["id"])

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """By the repository's name also before there is an id."""
        return super().explain(error, doing, {"id": values.get("repository")})


class RepositoryPolicy(AwsResource):
    """https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html ."""

    type_name = "aws_ecr_repository_policy"
    label = "ECR Repository Policy"
    identity = Identity(("repository",), REGIONAL)
    service = "ecr"
    gone = ("RepositoryNotFoundException", "RepositoryPolicyNotFoundException")
    arguments: ClassVar = {"repository", "policy"}
    normalise: ClassVar = {"policy": normalise_json}
    suppress: ClassVar = {"policy": same_policy}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Set the policy."""
        self.client(aws).set_repository_policy(repositoryName=planned["repository"], policyText=planned["policy"] or "")
        return {"id": planned["repository"]}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the policy; the state keeps its own text when AWS's means the same."""
        answer = self.client(aws).get_repository_policy(repositoryName=state["id"])
        return {
            "repository": answer["repositoryName"],
            "registry_id": answer["registryId"],
            "policy": stored(state["policy"], normalise_json(answer["policyText"])),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Set the policy again."""
        self.create(aws, planned)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the policy."""
        self.client(aws).delete_repository_policy(repositoryName=state["id"])


class AuthorizationToken(AwsType, EphemeralResource[Aws]):
    """https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html ."""

    type_name = "aws_ecr_authorization_token"
    label = "ECR Authorization Token"
    service = "ecr"

    def open(self, aws: Aws, config: Values) -> Values:
        """Get a token; AWS's lives for 12 hours."""
        data = self.client(aws).get_authorization_token()["authorizationData"][0]
        user_name, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
        return {
            "authorization_token": data["authorizationToken"],
            "expires_at": data["expiresAt"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "password": password,
            "proxy_endpoint": data["proxyEndpoint"],
            "region": aws.region,
            "user_name": user_name,
        }


TYPES = (Repository, LifecyclePolicy, RepositoryPolicy, AuthorizationToken)
