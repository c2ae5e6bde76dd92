"""Apply one synthesized stack where it lies, and read what Terraform says about it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdktf_harness.project.errors import CommandFailed
from cdktf_harness.project.process import run
from cdktf_harness.project.processes import Process
from cdktf_harness.project.progress import Steps

Message = Mapping[str, Any]


@dataclass(frozen=True)
class Applied:
    """What an apply did, and the outputs that it left, without sensitive ones."""

    changes: str
    outputs: Mapping[str, Any]


def initialise(stack: Path, env: Mapping[str, str]) -> None:
    """Fetch the providers and modules of the stack in the folder `stack`. Raises CommandFailed."""
    run([env["TERRAFORM_BINARY_NAME"], "init", "-input=false", "-no-color"], cwd=stack, env=env)


def apply(stack: Path, env: Mapping[str, str], steps: Steps, needs: Process | None = None) -> Applied:
    """Apply the stack in the folder `stack` to its own state; `steps` show what a person would read.

    Raises CommandFailed with Terraform's errors. Source: Terraform, "Machine-Readable UI" (1.0 and later).
    """
    messages: list[Message] = []

    def read(line: str) -> None:
        for message in _messages(line):
            messages.append(message)
            steps.detail(message.get("@message", ""))

    try:
        command = ["apply", "-auto-approve", "-input=false", "-json"]
        run([env["TERRAFORM_BINARY_NAME"], *command], cwd=stack, env=env, on_line=read, say=steps.say, needs=needs)
    except CommandFailed as failure:
        errors = list(_errors(messages))
        if not errors:
            raise
        summary, text = errors[0].splitlines()[0], "\n\n".join(errors)
        raise CommandFailed(summary, tail=text if text != summary else "", output=failure.output) from None
    outputs = _last(messages, "outputs")
    counts = _last(messages, "change_summary")
    done = {"add": "added", "change": "changed", "remove": "destroyed"}
    said = [f"{counts[key]} {word}" for key, word in done.items() if counts.get(key)]
    values = {name: output["value"] for name, output in outputs.items() if "value" in output}
    return Applied(", ".join(said) or "no changes", values)


def _messages(line: str) -> Iterator[Message]:
    try:
        message = json.loads(line)
    except ValueError:
        # What the library itself prints.
        return
    if isinstance(message, dict):
        yield message


def _last(messages: list[Message], kind: str) -> Message:
    """The content of the last message of a kind; a plan's summary comes before that of its apply."""
    field = {"outputs": "outputs", "change_summary": "changes"}[kind]
    return next((message[field] for message in reversed(messages) if message["type"] == kind), {})


def _errors(messages: list[Message]) -> Iterator[str]:
    for message in messages:
        diagnostic = message.get("diagnostic", {})
        if diagnostic.get("severity") == "error":
            where = f"{diagnostic['address']}: " if diagnostic.get("address") else ""
            yield f"{where}{diagnostic['summary']}\n{diagnostic.get('detail', '')}".strip()
