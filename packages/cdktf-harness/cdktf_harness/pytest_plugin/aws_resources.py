"""AWS resources with plain helpers, for tests: `Queue(cloud, "jobs")` is an existing one, `made` creates them."""

from __future__ import annotations

import base64
import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Self, TypeVar

from cdktf_harness.cloud import Cloud, Mock
from cdktf_harness.system.errors import HarnessError
from terraform_standins.waiting import poll

WAIT_SECONDS = 20.0


class Resource:
    """A resource by its name, in an embedded cloud or an AWS account; `options` are those of boto3's client."""

    service: ClassVar[str]
    arn_form = "arn:{partition}:{service}:{region}:{account}:{name}"

    def __init__(self, cloud: Any, name: str, **options: Any) -> None:
        self.cloud = cloud
        self.name = name
        self.client = cloud.client(self.service, **options)

    @cached_property
    def arn(self) -> str:
        """Its ARN."""
        _, partition, _, _, account, _ = self.cloud.client("sts").get_caller_identity()["Arn"].split(":", 5)
        where = {"partition": partition, "region": self.client.meta.region_name, "account": account}
        return self.arn_form.format(service=self.service, name=self.name, **where)

    # Methods of the kinds that a test can make; each takes arguments of its boto3 call.
    _create: Any
    _delete: Any


R = TypeVar("R", bound=Resource)


def made(kind: type[R], cloud: Any, *, suffixed: bool = True) -> Iterator[Callable[..., R]]:
    """Yield a function that creates resources of a kind, with a random suffix; delete them at the end."""
    with ExitStack() as stack:

        def make(name: str = kind.__name__.lower(), *keys: str, **arguments: Any) -> R:
            stem, dot, suffix = name.partition(".")
            resource = kind(cloud, f"{stem}-{uuid.uuid4().hex[:8]}{dot}{suffix}" if suffixed else name)
            resource._create(*keys, **arguments)
            stack.callback(resource._delete)
            return resource

        yield make


class Queue(Resource):
    """An SQS queue; a name that ends with `.fifo` makes it one."""

    service = "sqs"

    def _create(self, **attributes: str) -> None:
        fifo = {"FifoQueue": "true"} if self.name.endswith(".fifo") else {}
        self.client.create_queue(QueueName=self.name, Attributes=fifo | attributes)

    def _delete(self) -> None:
        self.client.delete_queue(QueueUrl=self.url)

    @cached_property
    def url(self) -> str:
        """Its URL."""
        return str(self.client.get_queue_url(QueueName=self.name)["QueueUrl"])

    def send(self, body: Any, **arguments: Any) -> None:
        """Send a message: a text, or anything else as JSON."""
        self.client.send_message(QueueUrl=self.url, MessageBody=_text(body), **arguments)

    def receive(self, seconds: float = WAIT_SECONDS) -> Any:
        """Receive and delete a message; JSON is parsed. Fails if there is none within `seconds`."""
        __tracebackhide__ = True
        ask = {"QueueUrl": self.url, "WaitTimeSeconds": min(1, int(seconds))}
        found = poll(lambda: self.client.receive_message(**ask).get("Messages"), seconds)
        if not found:
            raise AssertionError(f"no message arrived in {self.name} within {seconds:g} s")
        self.client.delete_message(QueueUrl=self.url, ReceiptHandle=found[0]["ReceiptHandle"])
        return _parsed(found[0]["Body"])


class Topic(Resource):
    """An SNS topic; a name that ends with `.fifo` makes it one."""

    service = "sns"

    def _create(self, **attributes: str) -> None:
        fifo = {"FifoTopic": "true"} if self.name.endswith(".fifo") else {}
        self.client.create_topic(Name=self.name, Attributes=fifo | attributes)

    def _delete(self) -> None:
        self.client.delete_topic(TopicArn=self.arn)

    def publish(self, message: Any, **arguments: Any) -> None:
        """Publish a text, or anything else as JSON."""
        self.client.publish(TopicArn=self.arn, Message=_text(message), **arguments)

    def subscribe(self, queue: Queue) -> None:
        """Let a queue receive what is published, without SNS's envelope."""
        raw = {"RawMessageDelivery": "true"}
        self.client.subscribe(TopicArn=self.arn, Protocol="sqs", Endpoint=queue.arn, Attributes=raw)


class Bucket(Resource):
    """An S3 bucket."""

    service = "s3"
    arn_form = "arn:{partition}:s3:::{name}"

    def _create(self, **arguments: Any) -> None:
        region = self.client.meta.region_name
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self.client.create_bucket(Bucket=self.name, **where | arguments)

    def _delete(self) -> None:
        for key in self.keys():
            self.client.delete_object(Bucket=self.name, Key=key)
        self.client.delete_bucket(Bucket=self.name)

    def put(self, key: str, content: Any, **arguments: Any) -> None:
        """Write an object: bytes, a text, or anything else as JSON."""
        body = content if isinstance(content, bytes) else _text(content).encode()
        self.client.put_object(Bucket=self.name, Key=key, Body=body, **arguments)

    def get(self, key: str) -> bytes:
        """Return an object."""
        return bytes(self.client.get_object(Bucket=self.name, Key=key)["Body"].read())

    def keys(self, prefix: str = "") -> list[str]:
        """Return the keys of its objects."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        return [str(found["Key"]) for page in pages for found in page.get("Contents", ())]


class Table(Resource):
    """A DynamoDB table; items are plain dictionaries, as in JSON."""

    service = "dynamodb"
    arn_form = "arn:{partition}:dynamodb:{region}:{account}:table/{name}"

    def _create(self, key: str = "id", sort: str = "", **arguments: Any) -> None:
        # `year:N` is a number, others are texts.
        named = [(*part.partition(":")[::2], kind) for part, kind in ((key, "HASH"), (sort, "RANGE")) if part]
        self.client.create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, _, kind in named],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": type_ or "S"} for name, type_, _ in named],
            BillingMode="PAY_PER_REQUEST",
            **arguments,
        )
        self.client.get_waiter("table_exists").wait(TableName=self.name, WaiterConfig={"Delay": 1})

    def _delete(self) -> None:
        self.client.delete_table(TableName=self.name)

    def put(self, item: Mapping[str, Any]) -> None:
        """Write an item."""
        self.client.put_item(TableName=self.name, Item=_typed(item))

    def get(self, **key: Any) -> dict[str, Any] | None:
        """Return the item with a key; None if there is none."""
        found = self.client.get_item(TableName=self.name, Key=_typed(key), ConsistentRead=True)
        return _plain(found["Item"]) if "Item" in found else None

    def items(self) -> list[dict[str, Any]]:
        """Return all items."""
        pages = self.client.get_paginator("scan").paginate(TableName=self.name, ConsistentRead=True)
        return [_plain(item) for page in pages for item in page["Items"]]


class Function(Resource):
    """A Lambda function."""

    service = "lambda"
    arn_form = "arn:{partition}:lambda:{region}:{account}:function:{name}"

    def invoke(self, event: Any = None, **arguments: Any) -> Any:
        """Invoke it and return its answer; JSON is parsed. Fails with its error and the end of its log."""
        __tracebackhide__ = True
        given = {"LogType": "Tail", "Payload": json.dumps(event).encode(), **arguments}
        found = self.client.invoke(FunctionName=self.name, **given)
        answer = _parsed(found["Payload"].read().decode())
        if "FunctionError" in found:
            log = base64.b64decode(found.get("LogResult", "")).decode(errors="replace")
            raise AssertionError(f"{self.name} failed: {json.dumps(answer)}\n{log}".rstrip())
        return answer


class FunctionMock(Function):
    """A mock in place of a function, of which no code runs, whatever invokes it."""

    def _create(self, **_: Any) -> None:
        if not isinstance(self.cloud, Cloud):
            raise HarnessError("a function on AWS cannot be mocked: mark the test with `embedded`")
        self._mock = Mock(self.cloud.folder, self.name)
        try:
            self.client.get_function(FunctionName=self.name)
        except self.client.exceptions.ResourceNotFoundException:
            with zipfile.ZipFile(code := io.BytesIO(), "w") as archive:
                archive.writestr("mock.py", "")
            how = {"Runtime": "python3.13", "Handler": "mock.handler", "Role": "arn:aws:iam::000000000000:role/mock"}
            self.client.create_function(FunctionName=self.name, Code={"ZipFile": code.getvalue()}, **how)
            self._created = True
        self._mock.install()

    def _delete(self) -> None:
        self._mock.remove()
        if self._created:
            self.client.delete_function(FunctionName=self.name)

    _created = False

    def answers(self, *answers: Any) -> Self:
        """Queue answers, one for each call."""
        for answer in answers:
            self._mock.queue(answer)
        return self

    def fails(self, message: str, type_: str = "Exception") -> Self:
        """Queue an error."""
        self._mock.queue({"errorMessage": message, "errorType": type_}, failed=True)
        return self

    @property
    def calls(self) -> list[Any]:
        """The events that it was called with."""
        return self._mock.calls


def _text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _typed(item: Mapping[str, Any]) -> dict[str, Any]:
    from boto3.dynamodb.types import TypeSerializer

    exact = json.loads(json.dumps(item), parse_float=Decimal)
    return {key: TypeSerializer().serialize(value) for key, value in exact.items()}


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    from boto3.dynamodb.types import TypeDeserializer

    found = {key: TypeDeserializer().deserialize(value) for key, value in item.items()}
    return dict(json.loads(json.dumps(found, default=lambda number: int(number) if number % 1 == 0 else float(number))))
