"""A function from a zip file that Terraform makes, with a random suffix in its name."""

import json
from pathlib import Path

from cdktf import App, AssetType, TerraformAsset, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_archive.data_archive_file import DataArchiveFile
from cdktf_cdktf_provider_archive.provider import ArchiveProvider
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction, LambdaFunctionEnvironment
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_random.id import Id
from cdktf_cdktf_provider_random.provider import RandomProvider

TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}

app = App()
setting = app.node.try_get_context
stack = TerraformStack(app, "greeter")
AwsProvider(stack, "aws", region=setting("region"))
ArchiveProvider(stack, "archive")
RandomProvider(stack, "random")

source = TerraformAsset(stack, "source", path=str(Path(__file__).parent / "function"), type=AssetType.DIRECTORY)
package = DataArchiveFile(stack, "package", type="zip", source_dir=source.path, output_path="greeter.zip")
suffix = Id(stack, "suffix", byte_length=4)
name = f"greeter-{suffix.hex}"
policy = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
role = IamRole(stack, "role", name=name, assume_role_policy=policy)
function = LambdaFunction(
    stack,
    "function",
    function_name=name,
    runtime="python3.13",
    handler="app.handler",
    filename=package.output_path,
    source_code_hash=package.output_base64_sha256,
    role=role.arn,
    environment=LambdaFunctionEnvironment(variables={"GREETING": setting("greeting")}),
)
TerraformOutput(stack, "name", value=function.function_name)
app.synth()
