"""Read Terraform's output in JSON. Source: Terraform, "Machine-Readable UI" (1.0 and later)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cdktf_harness.synthesis.stacks import INDEX, Stack
from cdktf_harness.system.errors import CommandFailed
from cdktf_harness.system.progress import Step

_PLANNED = {"add": "to add", "change": "to change", "remove": "to destroy", "import": "to import"}
_DONE = {"add": "added", "change": "changed", "remove": "destroyed"}


@dataclass(frozen=True)
class Counts:
    """Numbers of resources that a run of Terraform added, changed and destroyed."""

    added: int = 0
    changed: int = 0
    destroyed: int = 0

    def __str__(self) -> str:
        done = {"added": self.added, "changed": self.changed, "destroyed": self.destroyed}
        return ", ".join(f"{count} {word}" for word, count in done.items() if count) or "no changes"

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.added + other.added, self.changed + other.changed, self.destroyed + other.destroyed)


@dataclass(frozen=True)
class Applied:
    """What an apply changed, and the outputs of the stack that are not sensitive."""

    counts: Counts
    outputs: Mapping[str, Any]


class Messages:
    """The messages of one apply or destroy of a stack.

    `step` shows the plan, warnings, and the resources in progress; `on_line` is called with the text of each message.
    """

    def __init__(self, stack: Stack, step: Step | None, on_line: Callable[[str], None]) -> None:
        self._stack = stack
        self._step = step
        self._on_line = on_line
        self._messages: list[Mapping[str, Any]] = []

    def read(self, line: str) -> None:
        """Read a line of Terraform's output; ignore lines that are not messages."""
        try:
            message = json.loads(line)
        except ValueError:
            return
        if isinstance(message, dict):
            self._messages.append(message)
            self._on_line(message.get("@message", ""))
            if self._step:
                self._show(message, self._step)

    def applied(self) -> Applied:
        """Return what the apply did."""
        outputs = self._last("outputs", "outputs")
        counts = self._last("change_summary", "changes")
        values = {name: output["value"] for name, output in outputs.items() if "value" in output}
        return Applied(Counts(*(counts.get(key, 0) for key in _DONE)), values)

    def readable(self, failure: CommandFailed) -> CommandFailed:
        """Return the failure with what Terraform printed as text, if it printed errors."""
        errors = "\n\n".join(self._errors())
        if not errors:
            return failure
        printed = [message.get("@message", "") for message in self._messages if "diagnostic" not in message]
        return CommandFailed(str(failure), tail=errors, output="\n".join([*printed, errors]), code=failure.code)

    def _show(self, message: Mapping[str, Any], step: Step) -> None:
        match message:
            case {"type": "change_summary", "changes": {"operation": "plan", **counts}}:
                planned = [f"{counts[key]} {word}" for key, word in _PLANNED.items() if counts.get(key)]
                if planned:
                    step.notice(f"{self._stack.name}: {', '.join(planned)}")
            case {"type": "apply_start", "hook": {"resource": {"addr": str(address)}}}:
                step.begin(self._stack.path_of(address))
            case {"type": "apply_complete" | "apply_errored", "hook": {"resource": {"addr": str(address)}}}:
                step.end(self._stack.path_of(address))
            case {"diagnostic": {"severity": "warning", "summary": str(summary), **more}}:
                block = self._stack.block(INDEX.sub("", str(more.get("address", ""))))
                step.notice(f"warning: {summary}{f' ({block.made})' if block else ''}")

    def _last(self, kind: str, field: str) -> Mapping[str, Any]:
        """Return the content of the last message of a kind: the summary of an apply follows that of its plan."""
        return next((message[field] for message in reversed(self._messages) if message.get("type") == kind), {})

    def _errors(self) -> Iterator[str]:
        """Yield the errors as Terraform prints them without colours."""
        for message in self._messages:
            diagnostic = message.get("diagnostic", {})
            if diagnostic.get("severity") != "error":
                continue
            place = [f"  with {diagnostic['address']}," if diagnostic.get("address") else ""]
            if at := diagnostic.get("range"):
                context = (diagnostic.get("snippet") or {}).get("context")
                inside = f", in {context}" if context else ""
                place.append(f"  on {at['filename']} line {at['start']['line']}{inside}:")
            parts = [f"Error: {diagnostic['summary']}", "\n".join(filter(None, place)), diagnostic.get("detail", "")]
            yield "\n\n".join(filter(None, parts))
