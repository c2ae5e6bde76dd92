"""Events of topics, buckets and rules call a function as AWS does: if they may, with its alias's destination."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from elsewhere import answering
from http_server import Response

from terraform_standins.waiting import poll

from .workspace import REGION

Aws = Callable[[str], Any]
pytestmark = pytest.mark.usefixtures("workspace")  # which empties the cloud after each test
ACCOUNT, SECONDS = "000000000000", 60


@pytest.fixture
def live(aws: Aws) -> Iterator[str]:
    """The ARN of the alias of a function that fails; its events go to the queue `failed`, without retries."""
    client = aws("lambda")
    with answering(client, "f", lambda _: Response(b"failed", status=500)):
        version = client.publish_version(FunctionName="f")["Version"]
        aws("sqs").create_queue(QueueName="failed")
        alias = client.create_alias(FunctionName="f", Name="live", FunctionVersion=version)
        client.put_function_event_invoke_config(
            FunctionName="f",
            Qualifier="live",
            MaximumRetryAttempts=0,
            DestinationConfig={"OnFailure": {"Destination": f"arn:aws:sqs:{REGION}:{ACCOUNT}:failed"}},
        )
        yield str(alias["AliasArn"])


def topic(aws: Aws, live: str, name: str) -> tuple[str, str, Callable[[str], Any]]:
    """A topic that calls the alias: its ARN, its service, and how to send it a text."""
    client = aws("sns")
    arn = client.create_topic(Name=name)["TopicArn"]
    client.subscribe(TopicArn=arn, Protocol="lambda", Endpoint=live)
    return arn, "sns", lambda text: client.publish(TopicArn=arn, Message=text)


def bucket(aws: Aws, live: str, name: str) -> tuple[str, str, Callable[[str], Any]]:
    """The same of a bucket, whose objects have texts as keys."""
    client = aws("s3")
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    created = {"LambdaFunctionArn": live, "Events": ["s3:ObjectCreated:*"]}
    wanted = {"LambdaFunctionConfigurations": [created]}
    client.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=wanted)
    return f"arn:aws:s3:::{name}", "s3", lambda text: client.put_object(Bucket=name, Key=text)


def rule(aws: Aws, live: str, name: str) -> tuple[str, str, Callable[[str], Any]]:
    """The same of a rule."""
    client = aws("events")
    arn = client.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))["RuleArn"]
    client.put_targets(Rule=name, Targets=[{"Id": "t", "Arn": live}])

    def send(text: str) -> None:
        client.put_events(Entries=[{"Source": name, "DetailType": text, "Detail": "{}"}])

    return arn, "events", send


@pytest.mark.parametrize("source", [topic, bucket, rule], ids=["topic", "bucket", "rule"])
def test_a_failed_event_goes_to_the_destination(aws: Aws, live: str, source: Any) -> None:
    """Only what the alias's policy allows calls the function."""
    _, service, send_refused = source(aws, live, "not-allowed")
    arn, _, send = source(aws, live, "allowed")
    permission = {"Action": "lambda:InvokeFunction", "Principal": f"{service}.amazonaws.com", "SourceArn": arn}
    aws("lambda").add_permission(FunctionName="f", Qualifier="live", StatementId="s", **permission)
    send_refused("refused")
    send("an event")
    queue = aws("sqs").get_queue_url(QueueName="failed")["QueueUrl"]
    messages = poll(lambda: aws("sqs").receive_message(QueueUrl=queue).get("Messages"), SECONDS)
    assert messages
    failed = [json.loads(message["Body"]) for message in messages]
    assert ["refused" in json.dumps(one["requestPayload"]) for one in failed] == [False]
    assert failed[0]["requestContext"]["condition"] == "RetriesExhausted"
