"""An API with keys whose function puts jobs into a queue and reads their results from a table."""

from __future__ import annotations

import json
import os
from pathlib import Path

from cdktf import App, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.dynamodb_table import DynamodbTable, DynamodbTableAttribute
from cdktf_cdktf_provider_aws.ecr_repository import EcrRepository
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction, LambdaFunctionEnvironment
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

from api import Api
from cdktf_lambda_api.cloud import Cloud
from cdktf_lambda_api.image import Image, RegistryLogin
from cdktf_lambda_api.policy import policy

ASSUME = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
FUNCTION = Path(__file__).parent / "function"

app = App()
setting = app.node.get_context
name, architecture = setting("name"), setting("architecture")

# The harness sets the URL of the embedded cloud.
cloud = Cloud(os.environ.get("JOBS_CLOUD", ""))
stack = TerraformStack(app, "jobs")
AwsProvider(stack, "aws", region=setting("region"))

queue = SqsQueue(stack, "queue", name=name, message_retention_seconds=86400 * int(setting("days_kept")))
table = DynamodbTable(
    stack,
    "results",
    name=f"{name}-results",
    billing_mode="PAY_PER_REQUEST",
    hash_key="id",
    attribute=[DynamodbTableAttribute(name="id", type="S")],
)

repository = EcrRepository(stack, "repository", name=name, force_delete=True)
RegistryLogin(stack, "login", address=cloud.endpoint)
image = Image(
    stack,
    "image",
    folder=FUNCTION,
    stage=cloud.image_stage,
    architecture=architecture,
    build_args=json.loads(os.environ.get("JOBS_BUILD_ARGS", "{}")),
    repository=cloud.repository_address(repository),
)
# Otherwise Lambda creates it, and a destroy does not delete it.
logs = CloudwatchLogGroup(stack, "logs", name=f"/aws/lambda/{name}", retention_in_days=14)
role = IamRole(stack, "role", name=name, assume_role_policy=policy(ASSUME))
send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue.arn}
read = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": table.arn}
write = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": f"{logs.arn}:*"}
grant = IamRolePolicy(stack, "grant", name="use", role=role.name, policy=policy(send, read, write))
function = LambdaFunction(
    stack,
    "function",
    function_name=name,
    package_type="Image",
    image_uri=image.uri,
    architectures=[architecture],
    role=role.arn,
    # API Gateway's own timeout: a busy machine starts the function slowly.
    timeout=29,
    environment=LambdaFunctionEnvironment(variables={"QUEUE_URL": queue.url, "TABLE": table.name}),
    depends_on=[grant],
)
api = Api(stack, "api", name=name, function=function, requests_per_day=int(setting("requests_per_day")))

TerraformOutput(stack, "url", value=f"{cloud.invoke_url(api.stage)}/jobs")
TerraformOutput(stack, "key_id", value=api.key.id)
TerraformOutput(stack, "queue_url", value=queue.url)
app.synth()
