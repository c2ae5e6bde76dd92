"""Invocations, each in a container of the function's version that handles no other one at the same time."""

from __future__ import annotations

import contextvars
import json
import math
import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

from cdktf_harness.cloud import debugger
from cdktf_harness.cloud.functions.container import FunctionContainer
from cdktf_harness.cloud.functions.forwarder import Forwarder
from cdktf_harness.cloud.functions.runtime_api import InitFailed, RuntimeEnded

_LOOK_SECONDS = 30
Result = dict[str, Any]
Key = tuple[str, str, bool]


class Pool:
    """The containers of all functions; the embedded cloud, in `folder`, listens on `port`."""

    def __init__(self, port: int, folder: Path) -> None:
        self._forwarder = Forwarder(port)
        self._folder = folder
        self._changed = threading.Condition()
        self._idle: defaultdict[Key, list[FunctionContainer]] = defaultdict(list)
        self._busy: dict[FunctionContainer, Key] = {}
        self._starts: dict[FunctionContainer, Key] = {}
        self._waiting: Counter[Key] = Counter()
        self._turn = threading.Lock()
        threading.Thread(target=self._reap, name="idle-functions", daemon=True).start()

    def invoke(self, function: dict[str, Any], event: Any, request_id: str, *, tail: bool = False) -> Result:
        """Run a function and return what ministack expects; with `tail`, what it printed, too."""
        config = function.get("config") or function
        if not (debug := debugger.request(self._folder)):
            return self._invoke(config, function.get("code_zip"), event, request_id, tail=tail)
        # One after the other, so that all reach the container that a client is attached to.
        with self._turn:
            config = {**config, "Timeout": debugger.SECONDS}
            return self._invoke(config, function.get("code_zip"), event, request_id, tail=tail, debug=debug)

    def _invoke(
        self, config: Result, code: bytes | None, event: Any, request_id: str, *, tail: bool, debug: Any = None
    ) -> Result:
        while True:
            container = self._acquire(config, code, debug)
            try:
                # Its runtime may have ended after the last answer, which is no failure of this request.
                if not container.served or container.ready_again():
                    return self._handle(container, config, event, request_id, tail=tail)
            except BaseException:
                container.stale = True
                raise
            finally:
                self._release(container)

    def _handle(
        self, container: FunctionContainer, config: Result, event: Any, request_id: str, *, tail: bool
    ) -> Result:
        if container.error:
            return _failed(container.error)
        container.served = True
        started = time.monotonic()
        output, timeout = container.output, config.get("Timeout", 3)
        output.begin(f"START RequestId: {request_id} Version: {config.get('Version', '$LATEST')}")
        status, lines = "", list[str]()
        try:
            container.ready()
            # The function's time begins now; the start of its container has another limit.
            started = time.monotonic()
            succeeded, body = container.api.invoke(
                request_id,
                {
                    "Lambda-Runtime-Deadline-Ms": str(int((time.time() + timeout) * 1000)),
                    "Lambda-Runtime-Invoked-Function-Arn": config.get("FunctionArn", ""),
                },
                json.dumps(event).encode(),
                started + timeout,
            )
            result = _result(body, succeeded)
        except InitFailed as failure:
            result = _failed(failure.error)
            container.stale = True
        except TimeoutError as late:
            text = str(late) or f"Task timed out after {timeout}.00 seconds"
            result, status = _failed({"errorMessage": text, "errorType": "Sandbox.Timedout"}), "\tStatus: timeout"
            lines.append(f"{request_id} {text}")
            container.stale = True
        except RuntimeEnded:
            result = _failed(reason := container.exit(request_id))
            status = f"\tStatus: error\tError Type: {reason['errorType']}"
            lines += [reason["errorMessage"], "Runtime.ExitError"]
        ended = time.monotonic()
        memory, init, container.init_seconds = config.get("MemorySize", 128), container.init_seconds, 0

        def closing() -> list[str]:
            duration = (ended - started) * 1000
            report = f"REPORT RequestId: {request_id}\tDuration: {duration:.2f} ms\t"
            report += f"Billed Duration: {math.ceil(duration)} ms\tMemory Size: {memory} MB\t"
            report += f"Max Memory Used: {container.peak_mb(memory)} MB"
            if init:
                report += f"\tInit Duration: {init * 1000:.2f} ms"
            return [*lines, f"END RequestId: {request_id}", report + status]

        output.end(closing)
        if tail:
            result["log"] = output.of_request()
        return result

    def _acquire(self, config: Result, code: bytes | None, debug: Any) -> FunctionContainer:
        """Return the first container that becomes idle; let more of them start as long as processors are free."""
        key = _key(config, debug)
        with self._changed:
            self._waiting[key] += 1
            try:
                while not (found := self._taken(key)):
                    starts = [*self._starts.values()]
                    free = debug or sum(not each[2] for each in starts) < (os.cpu_count() or 1)
                    if free and starts.count(key) < self._waiting[key]:
                        self._starts[new := FunctionContainer(config, code, debug)] = key
                        run = partial(contextvars.copy_context().run, self._start, new)
                        threading.Thread(target=run, name="start-function", daemon=True).start()
                    self._changed.wait()
            finally:
                self._waiting[key] -= 1
                if not self._waiting[key]:
                    self._forget_failures(key)
        return found

    def _taken(self, key: Key) -> FunctionContainer | None:
        idle = self._idle[key]
        while idle:
            found = idle.pop()
            if found.failed or not found.ended.is_set():
                self._busy[found] = key
                return found
            _remove_later(found)
        return None

    def _forget_failures(self, key: Key) -> None:
        for each in [each for each in self._idle[key] if each.failed]:
            self._idle[key].remove(each)
            _remove_later(each)

    def _start(self, new: FunctionContainer) -> None:
        new.start(self._forwarder)
        with self._changed:
            if key := self._starts.pop(new, None):
                # A failure is for a request that gets no other.
                self._idle[key].insert(0 if new.failed else len(self._idle[key]), new)
                if not self._waiting[key]:
                    self._forget_failures(key)
            else:
                # The function was removed.
                _remove_later(new)
            self._changed.notify_all()

    def _release(self, container: FunctionContainer) -> None:
        with self._changed:
            key = self._busy.pop(container)
            if reusable := not (container.stale or container.error or container.ended.is_set()):
                container.used_at = time.monotonic()
                self._idle[key].append(container)
            self._changed.notify_all()
        if not reusable:
            _remove_later(container)

    def remove_function(self, account: str, name: str) -> None:
        """Remove the containers of a function; those that handle a request afterwards."""
        for each in self._taken_out(lambda key: key[0].split(":")[0::2][:2] == [account, name]):
            _remove_later(each)

    def remove_all(self) -> None:
        """Remove all containers."""
        for each in [*self._taken_out(lambda _: True), *self._busy]:
            each.remove()

    def _taken_out(self, is_one: Callable[[Key], bool]) -> list[FunctionContainer]:
        """Return idle containers, which are the pool's no more; those that start or are busy are removed later."""
        with self._changed:
            idle = [each for key in filter(is_one, [*self._idle]) for each in self._idle.pop(key)]
            self._starts = {start: key for start, key in self._starts.items() if not is_one(key)}
            for container, key in self._busy.items():
                container.stale |= is_one(key)
            self._changed.notify_all()
        return idle

    def _reap(self) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            oldest = time.monotonic() - service._WARM_CONTAINER_TTL
            with self._changed:
                unused = [each for idle in self._idle.values() for each in idle if each.used_at < oldest]
                for idle in self._idle.values():
                    idle[:] = [each for each in idle if each not in unused]
            for container in unused:
                container.remove()


def _remove_later(container: FunctionContainer) -> None:
    threading.Thread(target=container.remove, name="remove-function", daemon=True).start()


def _key(config: Result, debug: Any) -> Key:
    # Calls that wait for a container have the configuration that they began with.
    version = f"{config.get('Version', '$LATEST')} {config.get('RevisionId')}"
    return service._warm_pool_key(config["FunctionName"], config), version, bool(debug)


def _failed(error: Any) -> Result:
    return {"body": error, "error": True, "function_error": "Unhandled", "log": ""}


def _result(body: bytes, succeeded: bool) -> Result:
    text = body.decode(errors="replace")
    try:
        result = {"body": json.loads(text), "log": ""}
    except ValueError:
        result = {"body": text, "log": "", "raw_payload": True}
    return result if succeeded else _failed(result["body"])
