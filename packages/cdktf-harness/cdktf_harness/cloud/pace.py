"""How long the embedded AWS waits and how often it looks, for a person instead of a test.

ministack 1.5.33 is made for tests, which wait for nothing else; a person waits for an answer. None of this has a
setting there:

- After each change it reports a function as in progress for half a second, so that tests see what AWS takes seconds
  for. A fraction of that can be seen as well.
- It gives each new container a quarter of a second to die on a machine without emulation, which the harness sees to.
- Before each request it asks the engine about every container of the function, one after the other, while other
  requests wait. A container that ran a moment ago is taken to run still; where it does not, the request finds out.
- After each request it reads what the function logged, for which the engine goes through all that the container ever
  logged: 30 ms after 2,000 requests. It is asked for the last lines first, which are nearly always more than enough.
"""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

from docker.models.containers import Container
from ministack.services import lambda_svc  # type: ignore[import-untyped]

# Seconds that ministack sleeps, and what it sleeps instead.
_WAITS = {0.5: 0.02, 0.25: 0.02}
_LOOKS_AGAIN_AFTER_SECONDS = 0.2
_LAST_LINES = 100


def install() -> None:
    """Let the Lambda service of this process wait and look less."""
    spawn = lambda_svc._spawn_lambda_container

    def spawn_quick(*arguments: Any, **options: Any) -> tuple[Container, Any]:
        container, folder = spawn(*arguments, **options)
        _remember_state(container)
        _read_logs_from_the_end(container)
        return container, folder

    lambda_svc._spawn_lambda_container = spawn_quick
    lambda_svc.time = SimpleNamespace(**{**vars(time), "sleep": _sleep})


def _sleep(seconds: float) -> None:
    time.sleep(_WAITS.get(seconds, seconds))


def _remember_state(container: Container) -> None:
    """Let it ask the engine for its state only when it is not known to have run just now."""
    reload, looked = container.reload, 0.0

    def reload_when_old() -> None:
        nonlocal looked
        ran = container.status == "running" and container.ports
        if not ran or time.monotonic() - looked > _LOOKS_AGAIN_AFTER_SECONDS:
            reload()
            looked = time.monotonic()

    container.reload = reload_when_old  # type: ignore[method-assign]


def _read_logs_from_the_end(container: Container) -> None:
    """Let it read the end of its log first, and all of it where that is not enough."""
    logs = container.logs

    def last_logs(**options: Any) -> bytes:
        if "tail" in options:
            # This is there twice where ministack has spawned the container in a second attempt, within the first one.
            return bytes(logs(**options))
        last: bytes = logs(**options, tail=_LAST_LINES)
        return last if last.count(b"\n") < _LAST_LINES else logs(**options)

    container.logs = last_logs  # type: ignore[assignment, method-assign]
