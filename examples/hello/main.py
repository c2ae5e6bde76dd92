"""A minimal app: a queue, and an output with its name."""

from cdktf import App, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

app = App()
stack = TerraformStack(app, "hello")
AwsProvider(stack, "aws", region="eu-central-1")
queue = SqsQueue(stack, "queue", name="hello")
TerraformOutput(stack, "queue_url", value=queue.url)
app.synth()
