"""The stack of the image repository: deployed first, destroyed last."""

from __future__ import annotations

from cdktf import TerraformOutput, TerraformStack
from constructs import Construct

from cdktf_lambda_api import Repository
from stacks.settings import Settings
from stacks.target import prepare


class RegistryStack(TerraformStack):
    """An ECR repository."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        self.repository = Repository(
            self,
            "repository",
            name=settings.name,
            cloud=prepare(self, settings),
            images_kept=settings.images_kept,
            force_delete=not settings.keeps,
            signed=bool(settings.signing_key),
        )
        TerraformOutput(self, "repository_name", value=self.repository.name)
