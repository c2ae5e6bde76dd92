"""The stack of the image, the function that runs it, and the REST API."""

from __future__ import annotations

from cdktf import Annotations, Fn, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.ecr_repository import EcrRepository
from constructs import Construct

from cdktf_lambda_api.access import Access
from cdktf_lambda_api.commit import commit
from cdktf_lambda_api.function import Function
from cdktf_lambda_api.image import Image, RegistryLogin
from cdktf_lambda_api.monitoring import Monitoring
from cdktf_lambda_api.rest_api import RestApi
from cdktf_lambda_api.signature import Signature
from cdktf_lambda_api.texts import literal
from stacks.settings import PROJECT, Settings
from stacks.target import prepare


class ApiStack(TerraformStack):
    """A REST API whose `GET /time` calls a function that runs the image of `lambda_image/`."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, repository: EcrRepository) -> None:
        super().__init__(scope, id_)
        cloud = prepare(self, settings)
        RegistryLogin(self, "login", address=cloud.endpoint)
        image = Image(
            self,
            "image",
            folder=PROJECT / "lambda_image",
            stage=cloud.image_stage,
            architecture=settings.architecture,
            build_args={name: literal(value) for name, value in settings.build_args.items()},
            repository=cloud.repository_address(repository),
            commit=settings.commit or commit(PROJECT),
            pinned=settings.image_digest,
        )
        signatures = []
        if settings.signing_key:
            signature = Signature(self, "signature", image=image, key=settings.signing_key, endpoint=cloud.endpoint)
            signatures = [signature.resource]
        # checkov:skip=CKV_AWS_50[dev]: traces come with `monitoring`
        # checkov:skip=CKV_AWS_117: it calls nothing in a VPC
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
        # checkov:skip=CKV_AWS_73[dev]: traces come with `monitoring`
        # checkov:skip=CKV_AWS_76[dev]: access logs come with `monitoring`
        # checkov:skip=CKV_AWS_120: each second has another answer
        # checkov:skip=CKV2_AWS_53: no route has parameters or a body to validate
        api = RestApi(self, "api", name=settings.name, stage=settings.stage, routes=routes, keyed=settings.api_key)
        # checkov:skip=CKV_AWS_225: each second has another answer
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
            monitoring = Monitoring(
                self,
                "monitoring",
                name=settings.name,
                region=settings.region,
                function=function,
                api=api,
                email=settings.alarm_email,
                latency_ms=settings.alarm_latency_ms,
                runbook="docs/troubleshooting.md, On call",
                log_retention_days=settings.log_retention_days,
                manage_role=settings.api_gateway_role,
                permissions_boundary=settings.permissions_boundary,
            )
            alarms = monitoring.alarms
            if not settings.alarm_email:
                Annotations.of(monitoring).add_warning("the alarms have no recipient; set `alarm_email`")

        TerraformOutput(self, "url", value=cloud.invoke_url(api.stage) + settings.route)
        TerraformOutput(self, "image_digest", value=image.digest)
        TerraformOutput(self, "function_name", value=function.resource.function_name)
        TerraformOutput(self, "function_alias", value=function.alias.name)
        TerraformOutput(self, "function_version", value=function.resource.version)
        TerraformOutput(self, "alarms", value=Fn.tolist(alarms))
        TerraformOutput(self, "canary_minutes", value=settings.canary_minutes)
        TerraformOutput(self, "api_key_id", value=access.key_id)
