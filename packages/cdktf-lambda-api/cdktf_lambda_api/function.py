"""A Lambda function from an image."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.lambda_alias import LambdaAlias, LambdaAliasRoutingConfig
from cdktf_cdktf_provider_aws.lambda_function import (
    LambdaFunction,
    LambdaFunctionEnvironment,
    LambdaFunctionLoggingConfig,
)
from constructs import Construct

from cdktf_lambda_api.events import EventHandler
from cdktf_lambda_api.image import Image
from cdktf_lambda_api.policies import policy

ALIAS = "live"


@dataclass(frozen=True)
class Traffic:
    """The calls of the version `main_version` and, of the newest one, the share `canary` (0 to below 1).

    Without `main_version`, the newest gets all. Raises ValueError for other values.
    """

    main_version: str = ""
    canary: float = 0

    def __post_init__(self) -> None:
        if not re.fullmatch(r"([1-9]\d*)?", self.main_version):
            raise ValueError(f"main_version: got {self.main_version!r}. It should be the number of a version, or empty")
        if not 0 <= self.canary < 1:
            raise ValueError(f"canary: got {self.canary}. It should be a share from 0 to below 1")


class Function(EventHandler):
    """A Lambda function from an image, with a role that may write to the function's own logs and what is granted.

    Every change publishes a version. The alias `live` points to the newest, or as `traffic` says; older ones are kept
    for a rollback. None of its resources is created or changed before the resources `after`. `alarm_topic` is notified
    of events that the function could not handle.

    Raises ValueError for a variable of `environment` that is no text.
    """

    kind = "function"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        image: Image,
        memory_mb: int = 128,
        timeout_s: int = 10,
        log_retention_days: int = 14,
        environment: Mapping[str, str] = {},
        reserved_concurrency: int = -1,
        permissions_boundary: str = "",
        traffic: Traffic | None = None,
        alarm_topic: str = "",
        after: Sequence[ITerraformDependable] = (),
    ) -> None:
        super().__init__(scope, id_)
        traffic = traffic or Traffic()
        for variable, value in environment.items():
            if not isinstance(value, str):
                raise ValueError(f"environment: got {value!r} for {variable}. It should be a text")
        # Created before the function: Lambda would create a log group without retention.
        # checkov:skip=CKV_AWS_158: AWS's own key is enough for logs without personal data; another one costs $1 a month
        # checkov:skip=CKV_AWS_338: `log_retention_days` decides
        self.logs = CloudwatchLogGroup(self, "logs", name=f"/aws/lambda/{name}", retention_in_days=log_retention_days)
        lambda_may_assume = policy(
            Effect="Allow", Action="sts:AssumeRole", Principal={"Service": "lambda.amazonaws.com"}
        )
        self.role = IamRole(
            self,
            "role",
            name=name,
            assume_role_policy=lambda_may_assume,
            permissions_boundary=permissions_boundary or None,
        )
        may_write = policy(
            Effect="Allow", Action=["logs:CreateLogStream", "logs:PutLogEvents"], Resource=f"{self.logs.arn}:*"
        )
        write_logs = IamRolePolicy(self, "write-logs", name="write-logs", role=self.role.name, policy=may_write)
        self.name, self.timeout_s, self.alarm_topic = name, timeout_s, alarm_topic
        # checkov:skip=CKV_AWS_50: `Monitoring` adds traces
        # checkov:skip=CKV_AWS_117: it calls nothing in a VPC
        # checkov:skip=CKV_AWS_116: API Gateway waits for the answer; other events go to `failed`
        # checkov:skip=CKV_AWS_272: Lambda checks signatures of zip files only
        self.resource = LambdaFunction(
            self,
            "function",
            function_name=name,
            package_type="Image",
            image_uri=image.uri,
            architectures=[image.architecture],
            memory_size=memory_mb,
            timeout=timeout_s,
            role=self.role.arn,
            reserved_concurrent_executions=reserved_concurrency,
            publish=True,
            environment=LambdaFunctionEnvironment(variables=environment) if environment else None,
            logging_config=LambdaFunctionLoggingConfig(log_format="JSON", log_group=self.logs.name),
            depends_on=[write_logs, *image.ready, *after],
        )
        self.alias = LambdaAlias(
            self,
            "alias",
            name=ALIAS,
            function_name=self.resource.function_name,
            function_version=traffic.main_version or self.resource.version,
            routing_config=LambdaAliasRoutingConfig(additional_version_weights={self.resource.version: traffic.canary})
            if traffic.main_version and traffic.canary
            else None,
        )
        # For any number of routes; each read of an attribute is a call of Node.
        self.invoke_arn = self.alias.invoke_arn
        self.function_name, self.alias_name = self.resource.function_name, self.alias.name

    @property
    def role_name(self) -> str:
        """The name of the role."""
        return self.role.name

    @property
    def alias_arn(self) -> str:
        """The ARN of the live alias, which is what to call."""
        return self.alias.arn

    @property
    def granted_arn(self) -> str:
        """What the right to call it is on."""
        return self.alias.arn

    @property
    def version(self) -> str:
        """The newest version."""
        return self.resource.version
