"""Mocks of functions, as files in the cloud's folder: the queued answers and the recorded calls of each."""

from __future__ import annotations

import itertools
import json
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdktf_harness.system import json_store

_lock = threading.Lock()
_numbers = itertools.count()


@dataclass(frozen=True)
class Mock:
    """The mock of a function by its name; `cloud` is the cloud's folder."""

    cloud: Path
    name: str

    @property
    def _folder(self) -> Path:
        return self.cloud / "mocks" / self.name

    def install(self) -> None:
        """Take all calls of the function from now on."""
        self._folder.mkdir(parents=True)

    def remove(self) -> None:
        """Let the function take its calls again."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def queue(self, body: Any, *, failed: bool = False) -> None:
        """Queue an answer, or an error of Lambda's form."""
        json_store.write(self._folder / f"{next(_numbers):09}.json", _answer(body, failed=failed))

    @property
    def calls(self) -> list[Any]:
        """The events of the calls."""
        path = self._folder / "calls"
        text = path.read_text() if path.exists() else ""
        # The cloud may be writing the last line.
        return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]

    def answer(self, event: Any) -> dict[str, Any] | None:
        """Record a call and return what ministack expects; None if the function is not mocked."""
        with _lock:
            if not self._folder.is_dir():
                return None
            with (self._folder / "calls").open("a") as file:
                file.write(json.dumps(event) + "\n")
            if not (queued := sorted(self._folder.glob("[0-9]*.json"))):
                return _answer({"errorType": "MockError", "errorMessage": "no answer is queued"}, failed=True)
            answer: dict[str, Any] = json_store.read(queued[0])
            queued[0].unlink()
            return answer


def _answer(body: Any, *, failed: bool) -> dict[str, Any]:
    error = {"error": True, "function_error": "Unhandled"} if failed else {}
    return {"body": body, "log": "", **error}
