"""The commands that take a secret value, `secret` and `subscribe`, with an embedded cloud that stands for AWS."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from unittest import mock

import plain_app
import pytest

from cdktf_harness.cloud import Cloud
from terraform_standins.waiting import poll

from .conftest import stand_for_aws
from .running import COMMAND, PATIENCE_SECONDS, Ended, run, succeed, write_app

REGION, VALUE = "eu-west-2", "correct horse $battery"
LIMIT = {"comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1, "threshold": 1, "period": 60}
ALARM = {"alarm_name": "late", "namespace": "app", "metric_name": "late", "statistic": "Sum", **LIMIT}
STACK = {
    "provider": {"aws": [{"region": REGION, "skip_requesting_account_id": True}]},
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "6.25.0"}}},
    "resource": {
        "aws_secretsmanager_secret": {"one": {"name": "app-token", "recovery_window_in_days": 0}},
        "aws_ssm_parameter": {
            "one": {"name": "/app/limit", "type": "SecureString", "value_wo": "-", "value_wo_version": 1},
            "public": {"name": "/app/public", "type": "String", "value": "x"},
        },
        "aws_sns_topic": {"alarms": {"name": "app-alarms"}},
        "aws_cloudwatch_metric_alarm": {"late": {**ALARM, "alarm_actions": ["${aws_sns_topic.alarms.arn}"]}},
    },
    "output": {"alarms": {"value": ["${aws_cloudwatch_metric_alarm.late.alarm_name}"]}},
}
TABLE = 'alarms = "hello.alarms"'
FILES = plain_app.files(f"synth({{'hello': {STACK!r}}})\n", "hello", table=TABLE, region=REGION)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, cloud: Cloud) -> Iterator[Path]:
    """An app with a secret, deployed."""
    root = write_app(tmp_path_factory.mktemp("app"), FILES)
    with pytest.MonkeyPatch.context() as patch:
        stand_for_aws(cloud, patch, region=REGION, PROVIDERS="bundled")
        said = given(root, b"x", "secret", "app-token").output
        assert "the deployment has no secret 'app-token': add it to the app" in said
        succeed(root, "aws", "up")
        yield root
        succeed(root, "aws", "down")


def given(app: Path, value: bytes, *command: str) -> Ended:
    """Run a command with `value` on standard input."""
    with mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(value))):
        return run(app, "aws", *command)


def secret(cloud: Cloud) -> str:
    """The value in the cloud."""
    return str(
        cloud.client("secretsmanager", region_name=REGION).get_secret_value(SecretId="app-token")["SecretString"]
    )


def endpoints(cloud: Cloud) -> list[str]:
    """The subscribers of the alarms' topic."""
    sns = cloud.client("sns", region_name=REGION)
    (topic,) = (one["TopicArn"] for one in sns.list_topics()["Topics"] if one["TopicArn"].endswith(":app-alarms"))
    return [one["Endpoint"] for one in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]]


def files_with(app: Path, text: bytes) -> list[Path]:
    """The files of the app and of its deployment that contain a text."""
    files = [path for path in app.rglob("*") if path.is_file() and not path.is_symlink()]
    assert any(path.suffix == ".tfstate" for path in files)
    return [path for path in files if text in path.read_bytes()]


def test_a_value_is_given_once(app: Path, cloud: Cloud) -> None:
    """On standard input, without its last line end, or on a terminal, which shows the question only.

    It is not printed, a deployment keeps it, and no file of the app has it. The same for the endpoint of the alarms.
    """
    before = run(app, "aws", "doctor").output
    for name in ("app-token", "/app/limit"):
        assert f"{name} has no value" in before
        done = given(app, f"{VALUE}\n".encode(), "secret", name)
        assert (done.returncode, done.lines[-1], VALUE in done.output) == (0, f"{name} has a new value", False)
    assert "has no value" not in run(app, "aws", "doctor").output
    (app / "main.py").write_text((app / "main.py").read_text().replace("'/app/public'", "'/app/published'"))
    url = "https://events.pagerduty.invalid/integration/0123key/enqueue"
    done = given(app, f"{url}\n".encode(), "subscribe")
    assert (done.returncode, "0123key" in done.output) == (0, False), done.output
    succeed(app, "aws", "up")
    assert endpoints(cloud) == [url]
    assert files_with(app, b"0123key") == []
    assert "removed" in succeed(app, "aws", "subscribe", "--remove").output
    assert endpoints(cloud) == []
    parameter = cloud.client("ssm", region_name=REGION).get_parameter(Name="/app/limit", WithDecryption=True)
    assert (secret(cloud), parameter["Parameter"]["Value"]) == (VALUE, VALUE)
    assert files_with(app, VALUE.encode()) == []
    person, end = pty.openpty()
    command = [str(COMMAND), "aws", "secret", "app-token"]
    with subprocess.Popen(command, cwd=app, stdin=end, stdout=end, stderr=end, start_new_session=True) as process:
        assert poll(lambda: not termios.tcgetattr(end)[3] & termios.ECHO, PATIENCE_SECONDS)
        os.write(person, f"another {VALUE}\n".encode())
        assert process.wait(PATIENCE_SECONDS) == 0
    os.close(end)
    shown = b""
    # A read returns a part of it; the last one fails.
    with suppress(OSError):
        while part := os.read(person, 65536):
            shown += part
    os.close(person)
    assert (b"Value of app-token: " in shown, VALUE.encode() in shown) == (True, False)
    assert secret(cloud) == f"another {VALUE}"


def test_what_cannot_be_set_is_refused(app: Path) -> None:
    """A secret that the states lack, a value that is empty, too long, no text or an argument; none is printed."""
    refused = given(app, b"http://example.com", "subscribe")
    said = "error: the URL is not one of https: give https://HOST/PATH"
    assert (refused.returncode, refused.lines[-1]) == (1, said)
    for value, arguments, said in (
        (b"x", ("another",), "the deployment has no secret 'another': name one of /app/limit, app-token"),
        (b"\n", (), "the value of app-token has 0 bytes: give 1 to 65536"),
        (b"x" * 65537, (), "the value of app-token has 65537 bytes: give 1 to 65536"),
        (b"x" * 4097, ("/app/limit",), "the value of /app/limit has 4097 bytes: give 1 to 4096"),
        (b"\xffx", (), "the value of app-token is not text: type it, or pass it on standard input"),
        (b"", ("app-token", VALUE), "the value is no argument, which others can see: type it, or pass it on "),
    ):
        done = given(app, value, "secret", *(arguments or ["app-token"]))
        assert (done.returncode, f"error: {said}" in done.lines[-1], VALUE in done.output) == (1, True, False)
