"""The stack of the image, the function that runs it, and the REST API."""

from __future__ import annotations

from cdktf import Fn, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.ecr_repository import EcrRepository
from constructs import Construct

from stacks.commit import commit
from stacks.constructs.access import Access
from stacks.constructs.function import Function
from stacks.constructs.image import Image, RegistryLogin
from stacks.constructs.monitoring import Monitoring
from stacks.constructs.rest_api import RestApi
from stacks.constructs.signature import Signature
from stacks.settings import PROJECT, Settings
from stacks.target import Target
from stacks.values import literal


class ApiStack(TerraformStack):
    """A REST API whose `GET /time` calls a function that runs the image of `lambda_image/`."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, repository: EcrRepository) -> None:
        super().__init__(scope, id_)
        target = Target(settings)
        target.prepare(self)
        RegistryLogin(self, "login", address=target.endpoint)
        image = Image(
            self,
            "image",
            folder=PROJECT / "lambda_image",
            stage=target.image_stage,
            architecture=settings.architecture,
            build_args={name: literal(value) for name, value in settings.build_args.items()},
            repository=target.repository_address(repository),
            commit=settings.commit or commit(PROJECT),
            pinned=settings.image_digest,
        )
        signatures = []
        if settings.signing_key:
            signature = Signature(self, "signature", image=image, key=settings.signing_key, endpoint=target.endpoint)
            signatures = [signature.resource]
        function = Function(
            self,
            "function",
            name=settings.name,
            image_uri=image.uri,
            architecture=settings.architecture,
            memory_mb=settings.memory_mb,
            timeout_s=settings.timeout_s,
            log_retention_days=settings.log_retention_days,
            reserved_concurrency=settings.reserved_concurrency,
            permissions_boundary=settings.permissions_boundary,
            main_version=settings.main_version,
            canary=settings.canary,
            after=signatures,
        )
        routes = {
            f"GET {settings.route}": function,
        }
        api = RestApi(self, "api", name=settings.name, stage=settings.stage, routes=routes, keyed=settings.api_key)
        access = Access(
            self,
            "access",
            name=settings.name,
            stage=api.stage,
            rate_limit=settings.rate_limit,
            burst_limit=settings.burst_limit,
            api_key=settings.api_key,
            web_acl_arn=settings.web_acl_arn,
        )
        alarms: list[str] = []
        if settings.monitoring:
            alarms = Monitoring(self, "monitoring", settings=settings, function=function, api=api).alarms

        TerraformOutput(self, "url", value=target.invoke_url(api.stage) + settings.route)
        TerraformOutput(self, "image_digest", value=image.digest)
        TerraformOutput(self, "function_name", value=function.resource.function_name)
        TerraformOutput(self, "function_alias", value=function.alias.name)
        TerraformOutput(self, "function_version", value=function.resource.version)
        TerraformOutput(self, "alarms", value=Fn.tolist(alarms))
        TerraformOutput(self, "canary_minutes", value=settings.canary_minutes)
        TerraformOutput(self, "api_key_id", value=access.key_id)
