"""Where a stack is deployed: all differences between AWS and an embedded cloud are here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cdktf import TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.ecr_repository import EcrRepository
from cdktf_cdktf_provider_aws.provider import AwsProvider

if TYPE_CHECKING:
    from cdktf_cdktf_provider_aws.apigatewayv2_stage import Apigatewayv2Stage

# The services that the constructs use, by their names in the provider's `endpoints` block.
SERVICES = ("apigateway", "cloudwatch", "ecr", "iam", "kms", "lambda", "logs", "sns", "sts", "wafv2")


class Cloud:
    """A region of AWS, or of an embedded cloud with its registry at the URL `endpoint`."""

    def __init__(self, region: str, endpoint: str = "") -> None:
        self.region, self.endpoint = region, endpoint
        # The stage of the Containerfile to deploy: the embedded cloud needs the one with the Lambda emulator.
        self.image_stage = "emulated" if endpoint else "function"

    def provide(
        self, stack: TerraformStack, *, tags: Mapping[str, str], account: str = "", services: Sequence[str] = ()
    ) -> None:
        """Give `stack` its AWS provider, which puts `tags` on every resource and refuses any `account` but this.

        An embedded cloud serves SERVICES and `services` to it.
        The credentials of an embedded cloud are in TF_VAR_access_key and TF_VAR_secret_key.
        """
        provider = AwsProvider(stack, "aws", region=self.region)
        provider.add_override("default_tags", [{"tags": dict(tags)}])
        if self.endpoint:
            # Credentials of the embedded cloud, so that a local state is never used with a real account.
            provider.access_key = _secret(stack, "access_key")
            provider.secret_key = _secret(stack, "secret_key")
            provider.skip_credentials_validation = True
            provider.skip_metadata_api_check = "true"
            provider.add_override("endpoints", [dict.fromkeys((*SERVICES, *services), self.endpoint)])
        elif account:
            provider.allowed_account_ids = [account]

    def repository_address(self, repository: EcrRepository) -> str:
        """Return the name of the images in `repository`, without a tag."""
        if not self.endpoint:
            return repository.repository_url
        return f"{urlsplit(self.endpoint).netloc}/{repository.name}"

    def invoke_url(self, stage: ApiGatewayStage | Apigatewayv2Stage) -> str:
        """Return the URL of a stage of an API, without a path."""
        if not self.endpoint:
            return stage.invoke_url
        if isinstance(stage, ApiGatewayStage):
            api, name = stage.rest_api_id, stage.stage_name
        else:
            api, name = stage.api_id, stage.name
        return f"{self.endpoint}/restapis/{api}/{name}/_user_request_"


def _secret(stack: TerraformStack, name: str) -> str:
    """Declare a secret that comes from the variable TF_VAR_`name` and is not stored in the stack, a plan or a state."""
    variable = TerraformVariable(stack, name, type="string", sensitive=True)
    variable.add_override("ephemeral", True)
    return variable.string_value
