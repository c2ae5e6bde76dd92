"""Where the stacks run: the one place that asks, and all that differs between AWS and the embedded cloud."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from cdktf import LocalBackend, S3Backend, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.ecr_repository import EcrRepository
from cdktf_cdktf_provider_aws.provider import AwsProvider

from stacks.settings import PROJECT, Settings

# The services that the stacks call, as the provider's `endpoints` block spells them.
SERVICES = ("apigateway", "ecr", "iam", "lambda", "logs", "sts")


@dataclass(frozen=True)
class Target:
    """AWS itself, or an embedded cloud at `endpoint` (its URL; empty for AWS)."""

    settings: Settings

    @property
    def endpoint(self) -> str:
        """The embedded cloud's URL, empty on AWS."""
        return self.settings.endpoint if self.settings.target == "local" else ""

    @property
    def image_stage(self) -> str:
        """The stage of the Containerfile that is deployed: the embedded cloud needs the Lambda emulator in it."""
        return "emulated" if self.endpoint else "function"

    def prepare(self, stack: TerraformStack) -> None:
        """Give `stack` its state backend and its AWS provider."""
        settings = self.settings
        if settings.state_bucket:
            key = f"{settings.name}/{stack.node.id}.tfstate"
            S3Backend(stack, bucket=settings.state_bucket, key=key, region=settings.region, encrypt=True)
            # The bindings are older than the argument (Terraform 1.10), which replaces a DynamoDB table.
            stack.add_override("terraform.backend.s3.use_lockfile", True)
        else:
            folder = PROJECT / settings.state_folder
            LocalBackend(stack, path=str(folder / f"terraform.{stack.node.id}.tfstate"))
        provider = AwsProvider(stack, "aws", region=settings.region)
        tags = {"Project": settings.name_prefix, "Stage": settings.stage, "ManagedBy": "cdktf"}
        provider.add_override("default_tags", [{"tags": tags}])
        if self.endpoint:
            # The embedded cloud's own, named here so that no real account is ever reached with a local state.
            provider.access_key = _secret(stack, "access_key")
            provider.secret_key = _secret(stack, "secret_key")
            provider.skip_credentials_validation = True
            provider.skip_metadata_api_check = "true"
            provider.add_override("endpoints", [dict.fromkeys(SERVICES, self.endpoint)])

    def repository_address(self, repository: EcrRepository) -> str:
        """The name under which images are pushed to and pulled from `repository`, without a tag."""
        if not self.endpoint:
            return repository.repository_url
        return f"{urlsplit(self.endpoint).netloc}/{repository.name}"

    @property
    def registry_address(self) -> str:
        """Where the docker provider logs in; a plain-HTTP registry needs its scheme. Empty: what ECR says."""
        return self.endpoint

    def invoke_url(self, stage: ApiGatewayStage) -> str:
        """The URL of a stage of a REST API, without a path."""
        if not self.endpoint:
            return stage.invoke_url
        return f"{self.endpoint}/restapis/{stage.rest_api_id}/{stage.stage_name}/_user_request_"


def _secret(stack: TerraformStack, name: str) -> str:
    """A value that is in the variable TF_VAR_`name` and in no file: neither in the stack nor in a plan or a state."""
    variable = TerraformVariable(stack, name, type="string", sensitive=True)
    variable.add_override("ephemeral", True)
    return variable.string_value
