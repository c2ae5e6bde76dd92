"""The CDKTF command line, and what of its output a person wants to read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from cdktf_harness.errors import CommandFailed
from cdktf_harness.process import run

# Redrawn for every change of a stack's status.
_STATUS = re.compile(r"^\s*(\d+ Stacks? \w+\s*)+$")
# The frame that Terraform draws around an error, behind the name of the stack.
_FRAME_START, _FRAME, _FRAME_END = "╷", "│", "╵"


def cdktf(
    *arguments: str, project: Path, env: Mapping[str, str], on_line: Callable[[str], None] = lambda line: None
) -> str:
    """Run `cdktf` with `arguments` in the folder `project` and return what it printed.

    Raises CommandFailed; its tail holds Terraform's errors when there are any.
    """
    try:
        return run(
            ["cdktf", *arguments],
            cwd=project,
            env=env,
            on_line=lambda line: None if _STATUS.match(line) or not line else on_line(line),
        )
    except CommandFailed as failure:
        failure.tail = "\n".join(terraform_errors(failure.output)) or failure.tail
        raise


def terraform_errors(output: str) -> list[str]:
    """Terraform's errors and warnings in `output`, each once, without their frames."""
    found: dict[str, None] = {}
    lines: list[str] | None = None
    for line in output.splitlines():
        if line.endswith(_FRAME_START):
            lines = []
        elif lines is not None and _FRAME_END in line:
            found["\n".join(lines).strip()] = None
            lines = None
        elif lines is not None:
            lines.append(line.partition(_FRAME)[2].removeprefix(" "))
    return list(found)
