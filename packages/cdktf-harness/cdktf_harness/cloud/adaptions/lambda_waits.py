"""Lambda: shorter waits and polls, and complete logs.

ministack 1.5.33 has no setting for any of these. Each change becomes unnecessary when ministack has one.

- After each change it reports a function as in progress for 0.5 s. A shorter time is enough for clients that poll.
- It waits 0.25 s for each new container to fail on a machine without emulation (services/lambda_svc.py 4811). The
  harness sets up emulation. The wait is a literal, so it is identified by its length.
- Before each request it asks the engine for the state of every container of the function, one after the other, while
  other requests wait. A state of less than 0.2 s ago is reused. If the container has ended since, the request fails.
- After each request it reads the function's log, for which the engine reads the container's whole log: 30 ms after
  2,000 requests. The last lines are read first, and are nearly always enough.
- It reads that log once, as soon as it has the answer (4146). The engine of a busy machine may get the request's lines
  after that, and then they are in no log group. The log is read until it has the end of a request.
"""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

from docker.models.containers import Container
from ministack.services import lambda_svc  # type: ignore[import-untyped]

from cdktf_harness.project.waiting import poll

IN_PROGRESS_SECONDS = 0.02
# What is waited for a container to fail, and what is waited instead.
LITERAL_SECONDS, FAILS_SECONDS = 0.25, 0.02
_LOOKS_AGAIN_AFTER_SECONDS = 0.2
_LAST_LINES = 100
# The emulator writes the first before it answers, but the second if the function's process ended.
_ENDS = (b"REPORT RequestId: ", b"(rapid) Invoke DONE failed: ")
_END_SECONDS = 10


def install() -> None:
    """Change the Lambda service of this process."""
    spawn = lambda_svc._spawn_lambda_container

    def spawn_quick(*arguments: Any, **options: Any) -> tuple[Container, Any]:
        container, folder = spawn(*arguments, **options)
        _remember_state(container)
        read_logs_of_requests(container)
        return container, folder

    lambda_svc._spawn_lambda_container = spawn_quick
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = IN_PROGRESS_SECONDS
    lambda_svc.time = SimpleNamespace(**{**vars(time), "sleep": _sleep})


def _sleep(seconds: float) -> None:
    time.sleep(FAILS_SECONDS if seconds == LITERAL_SECONDS else seconds)


def _remember_state(container: Container) -> None:
    """Make `reload` reuse a recent state of a running container."""
    reload, looked = container.reload, 0.0

    def reload_when_old() -> None:
        nonlocal looked
        ran = container.status == "running" and container.ports
        if not ran or time.monotonic() - looked > _LOOKS_AGAIN_AFTER_SECONDS:
            reload()
            looked = time.monotonic()

    container.reload = reload_when_old  # type: ignore[method-assign]


def read_logs_of_requests(container: Container) -> None:
    """Make `logs` wait for the end of a request, and read the whole log only if its last lines are not enough."""
    logs = container.logs

    def last_logs(**options: Any) -> bytes:
        last: bytes = logs(**options, tail=_LAST_LINES)
        return last if last.count(b"\n") < _LAST_LINES else logs(**options)

    def logs_of_request(**options: Any) -> bytes:
        # `logs` is replaced twice if ministack spawns the container in a second attempt, within the first one.
        if "tail" in options or "since" not in options:
            return bytes(logs(**options))
        return poll(lambda: last_logs(**options), _END_SECONDS, until=lambda read: any(end in read for end in _ENDS))

    container.logs = logs_of_request  # type: ignore[assignment, method-assign]
