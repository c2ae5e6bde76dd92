"""A grant has the actions that its verb needs, and no others: each one is taken away from a role that is enforced."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdktf_harness.cloud import ACCOUNT, Cloud
from cdktf_lambda_api.grants import GRANTS

REGION = "eu-central-1"
ARN = f"arn:aws:{{}}:{REGION}:{ACCOUNT}:{{}}"
KEY: dict[str, Any] = {"id": {"S": "a"}}
QUEUE: dict[str, str] = {"QueueUrl": ""}
OBJECT = {"Bucket": "granted", "Key": "a"}
# By action: a call that needs it. What is not here would be granted without a test.
CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "sqs:SendMessage": ("sqs", "send_message", {"MessageBody": "a"}),
    "sqs:ReceiveMessage": ("sqs", "receive_message", {}),
    "sqs:DeleteMessage": ("sqs", "delete_message", {"ReceiptHandle": "a"}),
    "sqs:GetQueueAttributes": ("sqs", "get_queue_attributes", {"AttributeNames": ["All"]}),
    "dynamodb:BatchGetItem": ("dynamodb", "batch_get_item", {"RequestItems": {"granted": {"Keys": [KEY]}}}),
    "dynamodb:GetItem": ("dynamodb", "get_item", {"TableName": "granted", "Key": KEY}),
    "dynamodb:Query": (
        "dynamodb",
        "query",
        {"TableName": "granted", "KeyConditionExpression": "id = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}},
    ),
    "dynamodb:BatchWriteItem": (
        "dynamodb",
        "batch_write_item",
        {"RequestItems": {"granted": [{"PutRequest": {"Item": KEY}}]}},
    ),
    "dynamodb:DeleteItem": ("dynamodb", "delete_item", {"TableName": "granted", "Key": KEY}),
    "dynamodb:PutItem": ("dynamodb", "put_item", {"TableName": "granted", "Item": KEY}),
    "dynamodb:UpdateItem": ("dynamodb", "update_item", {"TableName": "granted", "Key": KEY}),
    "s3:GetObject": ("s3", "get_object", OBJECT),
    "s3:PutObject": ("s3", "put_object", OBJECT),
    "s3:DeleteObject": ("s3", "delete_object", OBJECT),
    "sns:Publish": ("sns", "publish", {"TopicArn": ARN.format("sns", "granted"), "Message": "a"}),
    "secretsmanager:GetSecretValue": ("secretsmanager", "get_secret_value", {"SecretId": "granted"}),
    "ssm:GetParameter": ("ssm", "get_parameter", {"Name": "/granted"}),
    "lambda:InvokeFunction": ("lambda", "invoke", {"FunctionName": "granted"}),
}
RESOURCES = {
    "queue": ARN.format("sqs", "granted"),
    "table": ARN.format("dynamodb", "table/granted"),
    "bucket": "arn:aws:s3:::granted/*",
    "topic": ARN.format("sns", "granted"),
    "secret": ARN.format("secretsmanager", "secret:granted-*"),
    "parameter": ARN.format("ssm", "parameter/granted"),
    "function": ARN.format("lambda", "function:granted"),
}
VERBS = [(kind, verb) for kind, verbs in GRANTS.items() for verb in verbs]
DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An account that evaluates policies, with a resource of each type but a function; all have the same name."""
    with Cloud(tmp_path_factory.mktemp("cloud"), REGION).start(enforced=True) as cloud:
        QUEUE["QueueUrl"] = cloud.client("sqs").create_queue(QueueName="granted")["QueueUrl"]
        cloud.client("dynamodb").create_table(
            TableName="granted",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        )
        place = {"LocationConstraint": REGION}
        cloud.client("s3").create_bucket(Bucket="granted", CreateBucketConfiguration=place)
        cloud.client("sns").create_topic(Name="granted")
        cloud.client("secretsmanager").create_secret(Name="granted", SecretString="a")
        cloud.client("ssm").put_parameter(Name="/granted", Value="a", Type="String")
        user = cloud.client("iam")
        user.create_user(UserName="function")
        yield cloud


def denied(account: Cloud, rights: list[str], resource: str, actions: list[str]) -> list[str]:
    """The actions whose calls are refused to a principal that has only `rights` on `resource`."""
    statement = {"Effect": "Allow", "Action": rights or ["none:None"], "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam = account.client("iam")
    iam.put_user_policy(UserName="function", PolicyName="only", PolicyDocument=document)
    key = iam.create_access_key(UserName="function")["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    found = []
    for action in actions:
        service, method, arguments = CALLS[action]
        client = account.client(service, **keys)
        try:
            getattr(client, method)(**(QUEUE if service == "sqs" else {}), **arguments)
        except ClientError as error:
            found += [action] if error.response["Error"]["Code"] in DENIED else []
    iam.delete_access_key(UserName="function", AccessKeyId=key["AccessKeyId"])
    return found


@pytest.mark.parametrize(("kind", "verb"), VERBS, ids=[f"{verb}-{kind}" for kind, verb in VERBS])
def test_each_action_of_a_verb_is_needed(account: Cloud, kind: str, verb: str) -> None:
    """All calls of the verb are allowed; without one action, exactly its call is refused, and so are other verbs."""
    actions = [*GRANTS[kind][verb]]
    assert denied(account, actions, RESOURCES[kind], actions) == []
    for action in actions:
        assert denied(account, [one for one in actions if one != action], RESOURCES[kind], actions) == [action]
    others = [action for other, more in GRANTS[kind].items() if other != verb for action in more]
    assert denied(account, actions, RESOURCES[kind], others) == others
    assert denied(account, actions, RESOURCES[kind].replace("granted", "another"), actions) == actions
