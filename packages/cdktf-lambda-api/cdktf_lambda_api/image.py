"""The function's image in the registry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cdktf import App, ITerraformDependable, Manifest, TerraformResourceLifecycle, TerraformStack
from cdktf_cdktf_provider_docker.provider import DockerProvider, DockerProviderRegistryAuth
from cdktf_cdktf_provider_docker.registry_image import RegistryImage
from constructs import Construct

from cdktf_lambda_api.cloud import Cloud
from cdktf_lambda_api.repository import Repository
from cdktf_lambda_api.texts import literal
from docker_build_context import copy_context

DOCKERFILE = "Containerfile"
# Relative to Terraform's working directory, the folder of the synthesized stack.
BUILD_LOG = "build.log"
# The first version with a build block in `docker_registry_image`; the last bindings are for 3.6.2.
PROVIDER_VERSION = "4.5.0"
# The times in the image, as in the Containerfile: the same source is the same image, whenever and wherever it is built.
SOURCE_DATE_EPOCH = "1767225600"
# Evaluated when the image is built; see the class.
_TIME = """${formatdate("YYYYMMDD'T'hhmmss'Z'", plantimestamp())}"""


class Image(Construct):
    """A folder that is built for one architecture and pushed when a hash of its build context changes.

    The tag is that hash, the time, and `commit` as `git describe` writes it: each push has a tag of its own, which an
    immutable repository never refuses, whatever another machine or a lost state pushed before. `uri` refers to the
    pushed manifest by its digest, or to `pinned`, an earlier one; then nothing is built. A function runs it after the
    resources `ready`.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        folder: Path,
        repository: Repository,
        architecture: str,
        build_args: Mapping[str, str] = {},
        commit: str = "",
        pinned: str = "",
    ) -> None:
        super().__init__(scope, id_)
        address = repository.address
        self.architecture = architecture
        build = {
            "dockerfile": DOCKERFILE,
            "target": repository.cloud.image_stage,
            "platform": "linux/amd64" if architecture == "x86_64" else f"linux/{architecture}",
            "build_args": {
                "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH,
                **{argument: literal(value) for argument, value in build_args.items()},
            },
            # Lambda accepts an image manifest only, not an index with attestations.
            "provenance": "false",
            "sbom": "false",
            # The build log: without it, the output of a failing step is lost.
            "build_log_file": BUILD_LOG,
        }
        stack = TerraformStack.of(self)
        # A relative path: an absolute one would change when the checkout moves. Not a TerraformAsset: that copies
        # ignored files, and the targets of links.
        copies = Path("assets", stack.get_logical_id(self.node))
        synthesized = Path(App.of(self).outdir, Manifest.STACKS_FOLDER, stack.node.id)
        tag = copy_context(folder, synthesized / copies, dockerfile=DOCKERFILE, options=build)
        self.resource = RegistryImage(
            self,
            "image",
            name="-".join(filter(None, (f"{address}:{tag}", _TIME, commit and f"g{commit}"))),
            # ECR refuses deletion through the registry API; the repository is deleted with its images.
            keep_remotely=True,
            # What replaces the image: the time and the commit in its name do not.
            triggers={"context": tag, "repository": address},
            lifecycle=TerraformResourceLifecycle(ignore_changes="all" if pinned else ["name"]),
        )
        self.resource.add_override("build", [{"context": str(copies / tag), **build}])
        self.pinned = bool(pinned)
        self.digest = pinned or self.resource.sha256_digest
        self.uri = f"{address}@{self.digest}"
        # Lambda must be allowed to pull; another stack is deployed before this one.
        self.ready: list[ITerraformDependable] = [repository.policy] if stack == TerraformStack.of(repository) else []


class RegistryLogin(Construct):
    """The docker provider, logged in to the account's registry with a password that is not stored.

    The ephemeral resource (Terraform 1.10, hashicorp/aws 6.22) is not in plans and states. The bindings do not have it.
    """

    def __init__(self, scope: Construct, id_: str, *, cloud: Cloud) -> None:
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
                    address=cloud.endpoint or f"${{{token}.proxy_endpoint}}",
                    username=f"${{{token}.user_name}}",
                    password=f"${{{token}.password}}",
                )
            ],
        )
