"""The target of a deployment: all differences between AWS and the embedded cloud are here."""

from __future__ import annotations

from urllib.parse import urlsplit

from cdktf import TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.ecr_repository import EcrRepository
from cdktf_cdktf_provider_aws.provider import AwsProvider

from stacks.settings import Settings
from stacks.state import keep_state

# The services that the stacks use, by their names in the provider's `endpoints` block.
SERVICES = ("apigateway", "cloudwatch", "ecr", "iam", "kms", "lambda", "logs", "sns", "sts", "wafv2")


class Target:
    """AWS, or an embedded cloud."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        # The URL of the embedded cloud, and of its registry; empty on AWS.
        self.endpoint = settings.endpoint if settings.target == "local" else ""
        # The stage of the Containerfile to deploy: the embedded cloud needs the one with the Lambda emulator.
        self.image_stage = "emulated" if self.endpoint else "function"

    def prepare(self, stack: TerraformStack) -> None:
        """Give `stack` its state backend and its AWS provider."""
        settings = self.settings
        keep_state(stack, settings)
        provider = AwsProvider(stack, "aws", region=settings.region)
        tags = {"Project": settings.name_prefix, "Stage": settings.stage, "ManagedBy": "cdktf"}
        provider.add_override("default_tags", [{"tags": tags}])
        if self.endpoint:
            # Credentials of the embedded cloud, so that a local state is never used with a real account.
            provider.access_key = _secret(stack, "access_key")
            provider.secret_key = _secret(stack, "secret_key")
            provider.skip_credentials_validation = True
            provider.skip_metadata_api_check = "true"
            provider.add_override("endpoints", [dict.fromkeys(SERVICES, self.endpoint)])

    def repository_address(self, repository: EcrRepository) -> str:
        """Return the name of the images in `repository`, without a tag."""
        if not self.endpoint:
            return repository.repository_url
        return f"{urlsplit(self.endpoint).netloc}/{repository.name}"

    def invoke_url(self, stage: ApiGatewayStage) -> str:
        """Return the URL of a stage of a REST API, without a path."""
        if not self.endpoint:
            return stage.invoke_url
        return f"{self.endpoint}/restapis/{stage.rest_api_id}/{stage.stage_name}/_user_request_"


def _secret(stack: TerraformStack, name: str) -> str:
    """Declare a secret that comes from the variable TF_VAR_`name` and is not stored in the stack, a plan or a state."""
    variable = TerraformVariable(stack, name, type="string", sensitive=True)
    variable.add_override("ephemeral", True)
    return variable.string_value
