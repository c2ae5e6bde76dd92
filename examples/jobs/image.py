"""The function's image: built and pushed by one resource of the docker provider."""

from __future__ import annotations

import json
import os
from pathlib import Path

from cdktf import App, Manifest, TerraformResourceLifecycle, TerraformStack
from cdktf_cdktf_provider_aws.ecr_repository import EcrRepository
from cdktf_cdktf_provider_docker.provider import DockerProvider, DockerProviderRegistryAuth
from cdktf_cdktf_provider_docker.registry_image import RegistryImage
from constructs import Construct

import target
from docker_build_context import copy_context

FOLDER = Path(__file__).parent / "function"
PLATFORMS = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}
# The times in the image, as in the Containerfile: the same source is the same image.
SOURCE_DATE_EPOCH = "1767225600"
# Evaluated when the image is built: a tag of its own for each push.
TIME = """${formatdate("YYYYMMDD'T'hhmmss'Z'", plantimestamp())}"""
LOGIN = "ephemeral.aws_ecr_authorization_token.login"


class Image(Construct):
    """`function/` as an image that is built when the hash of its build context changes; `uri` has its digest."""

    def __init__(self, scope: Construct, id_: str, *, repository: EcrRepository, architecture: str) -> None:
        super().__init__(scope, id_)
        # Newer than the bindings (3.6.2): the first release with a build block in docker_registry_image.
        TerraformStack.of(self).add_override("terraform.required_providers.docker.version", "4.5.0")
        # The password is not in plans and states (Terraform 1.10, hashicorp/aws 6.22).
        TerraformStack.of(self).add_override(LOGIN, {})
        login = DockerProviderRegistryAuth(
            address=target.CLOUD or f"${{{LOGIN}.proxy_endpoint}}",
            username=f"${{{LOGIN}.user_name}}",
            password=f"${{{LOGIN}.password}}",
        )
        DockerProvider(self, "docker", registry_auth=[login])
        build = {
            "dockerfile": "Containerfile",
            "target": target.IMAGE_STAGE,
            "platform": PLATFORMS[architecture],
            "build_args": {
                "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH,
                **json.loads(os.environ.get("JOBS_BUILD_ARGS", "{}")),
            },
            # Lambda accepts an image manifest only.
            "provenance": "false",
            "sbom": "false",
            "build_log_file": "build.log",
        }
        stack = TerraformStack.of(self)
        # Relative to the folder that Terraform runs in, so that the checkout may move.
        copies = Path("assets", stack.get_logical_id(self.node))
        synthesized = Path(App.of(self).outdir, Manifest.STACKS_FOLDER, stack.node.id)
        tag = copy_context(FOLDER, synthesized / copies, dockerfile=build["dockerfile"], options=build)
        address = target.repository_address(repository)
        image = RegistryImage(
            self,
            "image",
            name=f"{address}:{tag}-{TIME}",
            keep_remotely=True,
            triggers={"context": tag, "repository": address},
            lifecycle=TerraformResourceLifecycle(ignore_changes=["name"]),
        )
        image.add_override("build", [{"context": str(copies / tag), **build}])
        self.uri = f"{address}@{image.sha256_digest}"
