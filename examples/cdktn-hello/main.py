"""A minimal app in CDK Terrain: a parameter, and an output with its name."""

from cdktn import App, TerraformOutput, TerraformStack
from cdktn_provider_aws.provider import AwsProvider
from cdktn_provider_aws.ssm_parameter import SsmParameter

app = App()
stack = TerraformStack(app, "hello")
AwsProvider(stack, "aws", region=app.node.get_context("region"))
parameter = SsmParameter(
    stack, "greeting", name="/hello/greeting", type="String", value=app.node.get_context("greeting")
)
TerraformOutput(stack, "parameter", value=parameter.name)
app.synth()
