"""Read Terraform's output in JSON. Source: Terraform, "Machine-Readable UI" (1.0 and later)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cdktf_harness.project.errors import CommandFailed

_DONE = {"add": "added", "change": "changed", "remove": "destroyed"}


@dataclass(frozen=True)
class Applied:
    """A summary of an apply, and the outputs that are not sensitive."""

    changes: str
    outputs: Mapping[str, Any]


class Messages:
    """The messages of one apply; `show` is called with the text of each."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._messages: list[Mapping[str, Any]] = []

    def read(self, line: str) -> None:
        """Read a line of Terraform's output; ignore lines that are not messages."""
        try:
            message = json.loads(line)
        except ValueError:
            return
        if isinstance(message, dict):
            self._messages.append(message)
            self._show(message.get("@message", ""))

    def applied(self) -> Applied:
        """Return what the apply did."""
        outputs = self._last("outputs", "outputs")
        counts = self._last("change_summary", "changes")
        said = [f"{counts[key]} {word}" for key, word in _DONE.items() if counts.get(key)]
        values = {name: output["value"] for name, output in outputs.items() if "value" in output}
        return Applied(", ".join(said) or "no changes", values)

    def readable(self, failure: CommandFailed) -> CommandFailed:
        """Return the failure with Terraform's errors as text, if there are any."""
        errors = "\n".join(self._errors())
        return CommandFailed(str(failure), tail=errors, output=errors) if errors else failure

    def _last(self, kind: str, field: str) -> Mapping[str, Any]:
        """Return the content of the last message of a kind: the summary of an apply follows that of its plan."""
        return next((message[field] for message in reversed(self._messages) if message.get("type") == kind), {})

    def _errors(self) -> Iterator[str]:
        for message in self._messages:
            diagnostic = message.get("diagnostic", {})
            if diagnostic.get("severity") == "error":
                where = f"{diagnostic['address']}: " if diagnostic.get("address") else ""
                yield f"Error: {where}{diagnostic['summary']}\n{diagnostic.get('detail', '')}".strip()
