"""What runs, as an image in the registry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cdktf import App, Manifest, TerraformStack
from cdktf_cdktf_provider_docker.provider import DockerProvider, DockerProviderRegistryAuth
from cdktf_cdktf_provider_docker.registry_image import RegistryImage
from constructs import Construct

from stacks.constructs.build_context import copy_context

DOCKERFILE = "Containerfile"
# Relative to the folder that Terraform runs in, which is the synthesized stack's.
BUILD_LOG = "build.log"
# The first with a build block in `docker_registry_image`; the bindings, the last ones there are, are for 3.6.2.
PROVIDER_VERSION = "4.5.0"


class Image(Construct):
    """A folder built for one architecture and pushed, under a tag that names exactly what went into it.

    `uri` refers to the pushed manifest by its digest.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        folder: Path,
        stage: str,
        architecture: str,
        build_args: Mapping[str, str],
        repository: str,
    ) -> None:
        super().__init__(scope, id_)
        build = {
            "dockerfile": DOCKERFILE,
            "target": stage,
            "platform": "linux/amd64" if architecture == "x86_64" else f"linux/{architecture}",
            "build_args": dict(build_args),
            # Lambda takes a plain image manifest only, not an index with attestations in it.
            "provenance": "false",
            "sbom": "false",
            # Without it the output of a failing step is shown nowhere.
            "build_log_file": BUILD_LOG,
        }
        stack = TerraformStack.of(self)
        # Relative to the folder that Terraform runs in: an absolute one would change when the checkout moves. No
        # TerraformAsset: it copies what the build ignores, and what links lead to.
        copies = Path("assets", stack.get_logical_id(self.node))
        synthesized = Path(App.of(self).outdir, Manifest.STACKS_FOLDER, stack.node.id)
        tag = copy_context(folder, synthesized / copies, dockerfile=DOCKERFILE, options=build)
        image = RegistryImage(
            self,
            "image",
            name=f"{repository}:{tag}",
            # ECR refuses deletion through the registry's API; the repository goes with its images.
            keep_remotely=True,
            triggers={"context": tag},
        )
        image.add_override("build", [{"context": str(copies / tag), **build}])
        self.digest = image.sha256_digest
        self.uri = f"{repository}@{self.digest}"


class RegistryLogin(Construct):
    """The docker provider, logged in to the account's own registry with a password that is never stored.

    An ephemeral resource (Terraform 1.10, hashicorp/aws 6.22) is in no plan and in no state; the bindings have none.
    """

    def __init__(self, scope: Construct, id_: str, *, address: str) -> None:
        super().__init__(scope, id_)
        stack = TerraformStack.of(self)
        token = "ephemeral.aws_ecr_authorization_token.registry"
        stack.add_override(token, {})
        stack.add_override("terraform.required_providers.docker.version", PROVIDER_VERSION)
        DockerProvider(
            self,
            "docker",
            registry_auth=[
                DockerProviderRegistryAuth(
                    address=address or f"${{{token}.proxy_endpoint}}",
                    username=f"${{{token}.user_name}}",
                    password=f"${{{token}.password}}",
                )
            ],
        )
