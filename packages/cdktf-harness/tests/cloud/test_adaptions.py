"""What the adaptions of the Lambda service replace is in ministack, and ministack still needs it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from unittest.mock import Mock

import pytest

from cdktf_harness.cloud.adaptions.lambda_waits import read_logs_of_requests


@pytest.fixture(scope="module")
def source() -> str:
    """The source of ministack's Lambda service; importing it takes a second."""
    spec = find_spec("ministack")
    assert spec
    assert spec.origin
    return (Path(spec.origin).parent / "services" / "lambda_svc.py").read_text()


def test_the_waits_are_as_long_as_before(source: str) -> None:
    """A shorter one needs no adaption; the adaption finds the literal by its length, so it must be the only one."""
    assert source.count("time.sleep(0.25)") == 1
    assert "\n_LAMBDA_STATE_TRANSITION_DELAY = 0.5\n" in source


def test_functions_are_sent_to_another_address_of_the_host(source: str) -> None:
    """Where the cloud does not listen, unless the flags map the name; they are read at each start of a container."""
    assert '"host.docker.internal", "host-gateway"' in source
    assert "= _parse_docker_flags(LAMBDA_DOCKER_FLAGS)" in source


def test_the_lines_of_a_request_that_come_after_its_answer_are_read() -> None:
    """As those of an engine on a busy machine; else the request has no lines in its log group."""
    lines = [b"START RequestId: 1\n", b"printed\n", b"REPORT RequestId: 1\n"]
    container = Mock(logs=Mock(side_effect=[b"", lines[0], b"".join(lines)]))
    read_logs_of_requests(container)
    assert container.logs(since=1.5) == b"".join(lines)
