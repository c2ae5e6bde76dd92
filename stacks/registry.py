"""The stack of the image repository: deployed first, destroyed last."""

from __future__ import annotations

from cdktf import TerraformOutput, TerraformStack
from constructs import Construct

from cdktf_lambda_api.repository import Repository
from stacks.settings import Settings
from stacks.target import prepare


class RegistryStack(TerraformStack):
    """An ECR repository."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        prepare(self, settings)
        repository = Repository(
            self,
            "repository",
            name=settings.name,
            region=settings.region,
            images_kept=settings.images_kept,
            force_delete=not settings.keeps,
            signed=bool(settings.signing_key),
        )
        self.repository = repository.resource
        TerraformOutput(self, "repository_name", value=repository.resource.name)
