"""`python -m cdktf_harness.ministack` runs the embedded AWS so that functions reach it and are not waited for.

ministack 1.5.33 has to listen on all interfaces to be reached by a function. Here it listens on the loopback, which
`loopback` leads into the containers.

It is made for tests, which wait for nothing else; a person waits for an answer. What is changed besides is how long it
waits and how often it looks:

- After each change it reports a function as in progress for half a second, so that tests see what AWS takes seconds
  for. A fraction of that can be seen as well.
- It gives each new container a quarter of a second to die on a machine without emulation, which the harness sees to.
- Before each request it asks the engine about every container of the function, one after the other, while other
  requests wait. A container that ran a moment ago is taken to run still; where it does not, the request finds out.
- After each request it reads what the function logged, for which the engine goes through all that the container ever
  logged: 30 ms after 2,000 requests. It is asked for the last lines first, which are nearly always more than enough.
"""

from __future__ import annotations

import os
import runpy
import time
from types import SimpleNamespace
from typing import Any

from docker.models.containers import Container
from ministack.services import lambda_svc  # type: ignore[import-untyped]

from cdktf_harness import loopback
from cdktf_harness.loopback import Loopbacks

# None of them has a setting. Seconds that ministack sleeps, and what it sleeps instead.
_WAITS = {0.5: 0.02, 0.25: 0.02}
_LOOKS_AGAIN_AFTER_SECONDS = 0.2
_LAST_LINES = 100


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
        last: bytes = logs(**options, tail=_LAST_LINES)
        return last if last.count(b"\n") < _LAST_LINES else logs(**options)

    container.logs = last_logs  # type: ignore[assignment, method-assign]


def _adapt() -> None:
    spawn, kill = lambda_svc._spawn_lambda_container, lambda_svc._kill_pool_entry
    flags, port = lambda_svc.LAMBDA_DOCKER_FLAGS, int(os.environ["GATEWAY_PORT"])
    loopbacks = Loopbacks(port)

    def spawn_within_reach(*arguments: Any, **options: Any) -> tuple[Container, Any]:
        client = lambda_svc._get_docker_client()
        reaches = client is not None and port not in loopback.EMULATOR_PORTS and loopback.possible(client)
        lambda_svc.LAMBDA_DOCKER_FLAGS = flags + loopback.FLAGS if reaches else flags
        container, folder = spawn(*arguments, **options)
        if reaches:
            try:
                loopbacks.open(container)
            except OSError as error:
                # It may have ended already, which the request will tell.
                print(f"function without a way to the cloud: {error}", flush=True)
        _remember_state(container)
        _read_logs_from_the_end(container)
        return container, folder

    def kill_and_leave(entry: dict[str, Any]) -> None:
        kill(entry)
        loopbacks.close(entry["container"])

    lambda_svc._spawn_lambda_container = spawn_within_reach
    lambda_svc._kill_pool_entry = kill_and_leave
    lambda_svc.time = SimpleNamespace(**{**vars(time), "sleep": _sleep})


if __name__ == "__main__":
    _adapt()
    runpy.run_module("ministack", run_name="__main__")
