"""Two stacks in two regions: topics in one, and in the other a queue that receives what they publish."""

import json

from cdktf import App, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy

app = App()
setting = app.node.try_get_context

archive = TerraformStack(app, "archive")
AwsProvider(archive, "aws", region=setting("archive_region"))
queue = SqsQueue(archive, "queue", name="archive")
SqsQueuePolicy(
    archive,
    "policy",
    queue_url=queue.url,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": queue.arn,
                }
            ],
        }
    ),
)

news = TerraformStack(app, "news")
AwsProvider(news, "aws", region=setting("region"))
# A second provider of the same stack, in the other region.
away = AwsProvider(news, "away", alias="away", region=setting("archive_region"))
for name, provider in (("near", None), ("far", away)):
    topic = SnsTopic(news, name, name=name, provider=provider)
    SnsTopicSubscription(
        news,
        f"{name}-archive",
        topic_arn=topic.arn,
        protocol="sqs",
        endpoint=queue.arn,
        raw_message_delivery=True,
        provider=provider,
    )
    TerraformOutput(news, f"{name}-arn", value=topic.arn)
app.synth()
