"""The fixtures that need no app: `cloud` and what tests create in it. Slow imports are in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from cdktf_harness.pytest_plugin.options import app_folder, keeps

if TYPE_CHECKING:
    from cdktf_harness.cloud import Cloud
    from cdktf_harness.pytest_plugin.aws_resources import Bucket, Function, FunctionMock, Queue, Table, Topic
    from cdktf_harness.pytest_plugin.stages import Stages


@pytest.fixture(scope="session")
def cloud(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An empty embedded cloud, in any project.

    `cloud.client("s3")` is a boto3 client, `cloud.logs(group)` the messages of a log group, `cloud.environment` the
    variables with which other AWS clients call it.
    """
    from cdktf_harness.cloud import Cloud, end_with_this_process
    from cdktf_harness.project import environment
    from cdktf_harness.project.project import find

    os.environ |= environment.direct()
    if not keeps(pytestconfig):
        end_with_this_process()
    app = pytestconfig.pluginmanager.hasplugin("cdktf_harness_fixtures")
    region = find(app_folder(pytestconfig)).region if app else os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
    with Cloud(tmp_path_factory.mktemp("cloud"), region).start() as cloud:
        yield cloud


@pytest.fixture
def make_queue(request: pytest.FixtureRequest) -> Iterator[Callable[..., Queue]]:
    """Create an SQS queue of this test: `make_queue("jobs").send({...})`, `.receive()`, `.url`; `jobs.fifo` is one.

    As all that `make_...` creates, it has a random suffix, is deleted at the end, and is in the cloud of `deployment`
    if the test uses that, else in `cloud`.
    """
    yield from _made("Queue", request)


@pytest.fixture
def make_topic(request: pytest.FixtureRequest) -> Iterator[Callable[..., Topic]]:
    """Create an SNS topic of this test: `make_topic("news").subscribe(queue)`, `.publish({...})`, `.arn`."""
    yield from _made("Topic", request)


@pytest.fixture
def make_bucket(request: pytest.FixtureRequest) -> Iterator[Callable[..., Bucket]]:
    """Create an S3 bucket of this test: `make_bucket().put("key", {...})`, `.get("key")` (bytes), `.keys()`."""
    yield from _made("Bucket", request)


@pytest.fixture
def make_table(request: pytest.FixtureRequest) -> Iterator[Callable[..., Table]]:
    """Create a DynamoDB table of this test: `make_table("orders", key="id").put({...})`, `.get(id="1")`, `.items()`.

    With a sort key that is a number: `make_table(key="id", sort="year:N")`.
    """
    yield from _made("Table", request)


@pytest.fixture
def function(request: pytest.FixtureRequest) -> Callable[[str], Function]:
    """A function of the cloud: `function("jobs").invoke({...})` returns its answer, or fails with its error and log."""
    from cdktf_harness.pytest_plugin.aws_resources import Function

    return lambda name: Function(_cloud(request), name)


@pytest.fixture
def mock_function(request: pytest.FixtureRequest) -> Iterator[Callable[[str], FunctionMock]]:
    """A mock in place of a function: `mock_function("jobs").answers({...})`, `.fails("message")`, `.calls` (events).

    Whatever invokes it gets the queued answers, until the end of the test. Without a function of that name, one is
    created. It needs no Docker engine.
    """
    yield from _made("FunctionMock", request, suffixed=False)


@pytest.fixture
def eventually() -> Callable[..., Any]:
    """Repeat a check until it is true and return its result: `eventually(lambda: table.get(id="1"), "it is stored")`.

    An exception counts as false; after `seconds=30` it fails with that reason and the last result.
    """
    from cdktf_harness.pytest_plugin.eventually import eventually

    return eventually


@pytest.fixture
def stages(request: pytest.FixtureRequest) -> Stages:
    """Stages of a long test: `if stages("fill"):` unless `--cdktf-skip fill`; `stages["id"] = 1` is kept for them.

    Without `--cdktf-skip`, all of them run, without earlier data.
    """
    from cdktf_harness.pytest_plugin.stages import Stages

    return Stages(request.config, request.node.nodeid)


def _made(kind: str, request: pytest.FixtureRequest, **options: bool) -> Iterator[Callable[..., Any]]:
    from cdktf_harness.pytest_plugin import aws_resources

    yield from aws_resources.made(getattr(aws_resources, kind), _cloud(request), **options)


def _cloud(request: pytest.FixtureRequest) -> Any:
    if "deployment" in request.fixturenames:
        return request.getfixturevalue("deployment").cloud
    return request.getfixturevalue("cloud")
