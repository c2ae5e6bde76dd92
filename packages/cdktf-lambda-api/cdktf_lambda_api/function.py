"""A Lambda function from an image."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

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

from cdktf_lambda_api.policy import policy

ALIAS = "live"


class Function(Construct):
    """A Lambda function from an image, with a role that may write to the function's own logs and nothing else.

    Every change publishes a version. The alias `live` points to the newest; older ones are kept for a rollback. With
    `main_version` it points to that one, and the newest gets the share `canary` (0 to below 1) of the calls; without,
    the newest gets all. Nothing of it is made or changed before the resources `after`.

    Raises ValueError for a variable of `environment` that is no text, and for another `main_version` or `canary`.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        image_uri: str,
        architecture: str,
        memory_mb: int,
        timeout_s: int,
        log_retention_days: int,
        environment: Mapping[str, str] = {},
        reserved_concurrency: int = -1,
        permissions_boundary: str = "",
        main_version: str = "",
        canary: float = 0,
        after: Sequence[ITerraformDependable] = (),
    ) -> None:
        super().__init__(scope, id_)
        for variable, value in environment.items():
            if not isinstance(value, str):
                raise ValueError(f"environment: got {value!r} for {variable}. It should be a text")
        if not re.fullmatch(r"([1-9]\d*)?", main_version):
            raise ValueError(f"main_version: got {main_version!r}. It should be the number of a version, or empty")
        if not 0 <= canary < 1:
            raise ValueError(f"canary: got {canary}. It should be a share from 0 to below 1")
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
        self.timeout_s = timeout_s
        # checkov:skip=CKV_AWS_116: API Gateway waits for the answer, so that no event can be lost
        # checkov:skip=CKV_AWS_272: Lambda checks signatures of zip files only
        self.resource = LambdaFunction(
            self,
            "function",
            function_name=name,
            package_type="Image",
            image_uri=image_uri,
            architectures=[architecture],
            memory_size=memory_mb,
            timeout=timeout_s,
            role=self.role.arn,
            reserved_concurrent_executions=reserved_concurrency,
            publish=True,
            environment=LambdaFunctionEnvironment(variables=environment) if environment else None,
            logging_config=LambdaFunctionLoggingConfig(log_format="JSON", log_group=self.logs.name),
            depends_on=[write_logs, *after],
        )
        self.alias = LambdaAlias(
            self,
            "alias",
            name=ALIAS,
            function_name=self.resource.function_name,
            function_version=main_version or self.resource.version,
            routing_config=LambdaAliasRoutingConfig(additional_version_weights={self.resource.version: canary})
            if main_version and canary
            else None,
        )
        # For any number of routes; each read of an attribute is a call of Node.
        self.invoke_arn = self.alias.invoke_arn
        self.function_name, self.qualifier = self.resource.function_name, self.alias.name
