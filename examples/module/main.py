"""A module of Terraform in the app's folder, used from CDKTF: a queue with a dead-letter queue."""

from pathlib import Path

from cdktf import App, TerraformHclModule, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider

app = App()
stack = TerraformStack(app, "work")
provider = AwsProvider(stack, "aws", region=app.node.try_get_context("region"))
queues = TerraformHclModule(
    stack,
    "queues",
    source=str(Path(__file__).parent / "queues"),
    providers=[provider],
    variables={"name": "jobs", "attempts": app.node.try_get_context("attempts")},
)
TerraformOutput(stack, "url", value=queues.get_string("url"))
app.synth()
