"""Let a test inject faults into calls to the embedded cloud.

The cloud's own process applies them (`cloud.fault_middleware`), so no address changes: the real providers and the
Docker engine get the same faults.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cdktf_harness.system import json_store
from terraform_standins.waiting import poll

Fault = Literal["error", "throttling", "denied", "reset", "hang", "late", "lost"]
"""What happens to a call:

error        answered with 500, in the service's own protocol
throttling   answered as AWS answers one call too many
denied       answered with 403
reset        the connection is reset, the call is not done
hang         no answer for `seconds`, then a reset; the call is not done
late         the call is done, the answer comes after `seconds`
lost         the call is done, the connection is reset instead of an answer
"""
RULES, CALLS = "faults.json", "calls.log"
SECONDS = 2.0
_numbers = itertools.count()


@dataclass(frozen=True)
class Injected:
    """An injected fault."""

    folder: Path
    rule: str

    @property
    def met(self) -> list[str]:
        """The calls that got the fault so far: with `late` and `lost` after they were done, else when they arrive."""
        return [line["call"] for line in _lines(self.folder) if line["rule"] == self.rule]

    def wait(self, seconds: float = 60.0) -> str:
        """Wait until a call got the fault, and return the call. Raises TimeoutError if none does within `seconds`."""
        if met := poll(lambda: self.met, seconds):
            return met[0]
        raise TimeoutError(f"no call met the fault within {seconds} s")


class Faults:
    """The faults of the embedded cloud whose files are in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rules: list[dict[str, Any]] = []
        self._recorders = 0

    def on(
        self, call: str, fault: Fault, *, times: int = 1, seconds: float = SECONDS
    ) -> AbstractContextManager[Injected]:
        """Inject `fault` into the first `times` calls that match while the block runs.

        `call` is "service:Operation" as in boto3 and CloudTrail ("logs:CreateLogGroup"), or "METHOD /path" for a
        request that is not an AWS call, such as a pull of an image. It may have fnmatch wildcards.
        """
        return self._rule({"call": call, "fault": fault, "times": times, "seconds": seconds})

    def refuse(
        self, call: str, status: int, code: str, message: str = "", *, times: int = 1
    ) -> AbstractContextManager[Injected]:
        """Answer the first `times` calls that match with the given AWS error."""
        return self._rule({"call": call, "fault": "refusal", "times": times, "refusal": [status, code, message]})

    @contextmanager
    def recorded(self) -> Iterator[list[str]]:
        """Yield a list that is filled at the end of the block with the calls that arrived, in order."""
        calls: list[str] = []
        already = len(list(_lines(self._folder)))
        self._recorders += 1
        self._write()
        try:
            yield calls
        finally:
            calls += [line["call"] for line in list(_lines(self._folder))[already:]]
            self._recorders -= 1
            self._write()

    @contextmanager
    def _rule(self, rule: dict[str, Any]) -> Iterator[Injected]:
        rule = {"id": f"{id(self)}-{next(_numbers)}", **rule}
        self._rules.append(rule)
        self._write()
        try:
            yield Injected(self._folder, rule["id"])
        finally:
            self._rules.remove(rule)
            self._write()

    def _write(self) -> None:
        if self._rules or self._recorders:
            json_store.write(self._folder / RULES, self._rules)
        else:
            (self._folder / RULES).unlink(missing_ok=True)


def _lines(folder: Path) -> Iterator[dict[str, str]]:
    """Read the record of calls; ignore an incomplete last line."""
    path = folder / CALLS
    text = path.read_text() if path.exists() else ""
    yield from map(json.loads, text[: text.rfind("\n") + 1].splitlines())
