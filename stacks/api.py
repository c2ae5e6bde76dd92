"""The stack of the image, the function that runs it, and the REST API."""

from __future__ import annotations

from cdktf import Annotations, Fn, TerraformOutput, TerraformStack
from constructs import Construct

from cdktf_lambda_api import (
    Access,
    Function,
    Image,
    Monitoring,
    RegistryLogin,
    Repository,
    RestApi,
    Signature,
    Traffic,
    commit,
)
from stacks.settings import PROJECT, Settings
from stacks.target import prepare


class ApiStack(TerraformStack):
    """A REST API whose `GET /time` calls a function that runs the image of `lambda_image/`."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, repository: Repository) -> None:
        super().__init__(scope, id_)
        cloud = prepare(self, settings)
        RegistryLogin(self, "login", cloud=cloud)
        image = Image(
            self,
            "image",
            folder=PROJECT / "lambda_image",
            repository=repository,
            architecture=settings.architecture,
            build_args=settings.build_args,
            commit=settings.commit or commit(PROJECT),
            pinned=settings.image_digest,
        )
        if settings.signing_key:
            Signature(self, "signature", image=image, key=settings.signing_key, cloud=cloud)
        function = Function(
            self,
            "function",
            name=settings.name,
            image=image,
            memory_mb=settings.memory_mb,
            timeout_s=settings.timeout_s,
            log_retention_days=settings.log_retention_days,
            reserved_concurrency=settings.reserved_concurrency,
            permissions_boundary=settings.permissions_boundary,
            traffic=Traffic(settings.main_version, settings.canary),
        )
        routes = {
            f"GET {settings.route}": function,
        }
        api = RestApi(
            self,
            "api",
            name=settings.name,
            stage=settings.stage,
            cloud=cloud,
            routes=routes,
            auth="key" if settings.api_key else "none",
        )
        access = Access(
            self,
            "access",
            api=api,
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
                api=api,
                functions=[function],
                cloud=cloud,
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

        TerraformOutput(self, "url", value=api.url + settings.route)
        TerraformOutput(self, "image_digest", value=image.digest)
        TerraformOutput(self, "function_name", value=function.function_name)
        TerraformOutput(self, "function_alias", value=function.alias_name)
        TerraformOutput(self, "function_version", value=function.version)
        TerraformOutput(self, "alarms", value=Fn.tolist(alarms))
        TerraformOutput(self, "canary_minutes", value=settings.canary_minutes)
        TerraformOutput(self, "api_key_id", value=access.key_id)
