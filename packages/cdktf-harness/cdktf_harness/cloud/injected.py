"""Faults between the providers and the embedded cloud, put there by a test.

Nothing else listens and no address changes: the cloud itself does to a call what the test says, before all else. So the
real providers meet the same faults, and so does an engine that pulls and pushes.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cdktf_harness.cloud.faults import CALLS, RULES
from cdktf_harness.project import records

Fault = Literal["error", "throttling", "denied", "reset", "hang", "late", "lost", "truncated", "malformed", "stale"]
"""What happens to a call:

error        answered with 500, in the service's own protocol
throttling   answered as AWS answers one call too many
denied       answered with 403
reset        the connection is reset, the call is not done
hang         no answer for `seconds`, then a reset; the call is not done
late         the call is done, the answer comes after `seconds`
lost         the call is done, the connection is reset instead of an answer
truncated    the call is done, half of the answer comes
malformed    the call is done, the answer is neither JSON nor XML
stale        a call that reads gets the last answer to the same call; one that had none before is left alone
"""
SECONDS = 2.0
POLL_SECONDS = 0.02
_numbers = itertools.count()


@dataclass(frozen=True)
class Injected:
    """A fault that a test put somewhere."""

    folder: Path
    rule: str

    @property
    def met(self) -> list[str]:
        """The calls that it has met so far: with `late` and `lost` once they are done, else when they arrive."""
        return [line["call"] for line in _lines(self.folder) if line["rule"] == self.rule]

    def wait(self, seconds: float = 60.0) -> str:
        """Wait until it has met a call, and return that. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while not (met := self.met):
            if time.monotonic() > deadline:
                raise TimeoutError(f"no call met the fault within {seconds} s")
            time.sleep(POLL_SECONDS)
        return met[0]


class Faults:
    """What happens to the calls of one embedded cloud, whose files are in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rules: list[dict[str, Any]] = []
        self._recorders = 0

    @contextmanager
    def on(self, call: str, fault: Fault, *, times: int = 1, seconds: float = SECONDS) -> Iterator[Injected]:
        """Let the first `times` calls that match meet `fault` while the block runs.

        `call` is "service:Operation" as boto3 and CloudTrail have it ("logs:CreateLogGroup"), and "METHOD /path" for
        what is no call of AWS's, such as an engine's pull; `*`, `?` and `[...]` stand for any text (fnmatch).
        """
        with self._rule({"call": call, "fault": fault, "times": times, "seconds": seconds}) as injected:
            yield injected

    @contextmanager
    def refuse(self, call: str, status: int, code: str, message: str = "", *, times: int = 1) -> Iterator[Injected]:
        """Answer the first `times` calls that match with an error of AWS's of the test's choice."""
        refusal = {"call": call, "fault": "refusal", "times": times, "refusal": [status, code, message]}
        with self._rule(refusal) as injected:
            yield injected

    @contextmanager
    def recorded(self) -> Iterator[list[str]]:
        """The calls that arrive while the block runs, in their order; filled at its end."""
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
            records.write(self._folder / RULES, self._rules)
        else:
            (self._folder / RULES).unlink(missing_ok=True)


def _lines(folder: Path) -> Iterator[dict[str, str]]:
    """The lines of the record of calls, but for one that is being written."""
    path = folder / CALLS
    text = path.read_text() if path.exists() else ""
    yield from map(json.loads, text[: text.rfind("\n") + 1].splitlines())
