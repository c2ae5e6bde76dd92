"""Lambda: shorter waits and polls.

ministack 1.5.33 has no setting for any of these. Each change becomes unnecessary when ministack has one.

- After each change it reports a function as in progress for 0.5 s. A shorter time is enough for clients that poll.
- It waits 0.25 s for each new container to fail on a machine without emulation (services/lambda_svc.py 4811). The
  harness sets up emulation. The wait is a literal, so it is identified by its length.
- Before each request it asks the engine for the state of every container of the function, one after the other, while
  other requests wait. A state of less than 0.2 s ago is reused. If the container has ended since, the request fails.
- After each request it reads the function's log, for which the engine reads the container's whole log: 30 ms after
  2,000 requests. The last lines are read first, and are nearly always enough.
"""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

from docker.models.containers import Container
from ministack.services import lambda_svc  # type: ignore[import-untyped]

IN_PROGRESS_SECONDS = 0.02
# What is waited for a container to fail, and what is waited instead.
LITERAL_SECONDS, FAILS_SECONDS = 0.25, 0.02
_LOOKS_AGAIN_AFTER_SECONDS = 0.2
_LAST_LINES = 100


def install() -> None:
    """Change the Lambda service of this process."""
    spawn = lambda_svc._spawn_lambda_container

    def spawn_quick(*arguments: Any, **options: Any) -> tuple[Container, Any]:
        container, folder = spawn(*arguments, **options)
        _remember_state(container)
        _read_logs_from_the_end(container)
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


def _read_logs_from_the_end(container: Container) -> None:
    """Make `logs` read the last lines first, and the whole log only if these are not enough."""
    logs = container.logs

    def last_logs(**options: Any) -> bytes:
        if "tail" in options:
            # `logs` is replaced twice if ministack spawns the container in a second attempt, within the first one.
            return bytes(logs(**options))
        last: bytes = logs(**options, tail=_LAST_LINES)
        return last if last.count(b"\n") < _LAST_LINES else logs(**options)

    container.logs = last_logs  # type: ignore[assignment, method-assign]
