"""The log files that an app's programs write beside the synthesized stacks."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cdktf_harness.system import json_store
from cdktf_harness.system.errors import CommandFailed
from cdktf_harness.system.programs import ESCAPES, TAIL_LINES

# The last line of the log of a build that failed (`docker build --progress=plain`), and what BuildKit says of a command
# that failed. A line of the log begins with the number of its step.
_ERROR = "ERROR: "
_COMMAND_FAILED = re.compile(r"(?:executor failed running|process ).*exit code: \d+$")
# What BuildKit's own client prints where the output of another step comes between.
_INTERRUPTED = "..."
# Python's line before the lines of source code that an error is about.
_PYTHON_FILE = re.compile(r'\s*File "(.+)", line (\d+)')
_SOURCE_LINES = 3
_SHOWN = 300


@contextmanager
def logs_shown(folder: Path, pattern: str) -> Iterator[None]:
    """Add to a failure the last lines of the log files that were written in the block; no pattern: none.

    The one line of a failed build gets what its failed step printed last.
    """
    before = _states(folder, pattern)
    try:
        yield
    except CommandFailed as failure:
        tail, reason = failure.tail, ""
        for path, _ in sorted(_states(folder, pattern).items() - before.items()):
            lines = list[str]()
            # It may be gone by now.
            with suppress(OSError):
                lines = path.read_text(errors="replace").strip().splitlines()
            if not lines:
                continue
            reason = reason or step_error(_printed(lines, str(failure)))
            if lines[-1].strip() not in failure.output:
                tail += "\n".join(["", f"{path.name}:", *lines[-TAIL_LINES:]])
        raise CommandFailed(f"{failure}{reason}", tail=tail, output=failure.output, code=failure.code) from None


def _states(folder: Path, pattern: str) -> dict[Path, tuple[int, ...]]:
    states = dict[Path, tuple[int, ...]]()
    # It takes any pattern, unlike that of a Path.
    for path in map(folder.joinpath, glob.glob(pattern, root_dir=folder, recursive=True)):
        # Another process may have removed it; a link may be dangling.
        with suppress(OSError):
            states[path] = json_store.state(path)
    return states


def _printed(log: Sequence[str], failure: str) -> list[str]:
    """Return what the step printed whose command is the reason of a failure; empty if no command is."""
    error = log[-1].removeprefix(_ERROR)
    if error == log[-1] or not _COMMAND_FAILED.match(error) or error not in failure:
        return []
    failed = re.compile(rf"(#\d+ ){_ERROR}{re.escape(error)}")
    number = next((found[1] for line in reversed(log) if (found := failed.fullmatch(line))), "#")
    step = [line.removeprefix(number) for line in log if line.startswith(number) and not failed.fullmatch(line)]
    # The first line is the step itself, which may come again.
    return [line for line in step if line not in (step[0], _INTERRUPTED)]


def step_error(printed: Sequence[str]) -> str:
    """Return `: ` and the last line of what a step printed, with the file and line that Python names; "" if none."""
    said = [text for line in printed if (text := ESCAPES.sub("", line)).strip()]
    if not said:
        return ""
    files = [found for line in said[-_SOURCE_LINES - 1 :] if (found := _PYTHON_FILE.match(line))]
    where = f" ({files[-1][1]}, line {files[-1][2]})" if files else ""
    last = said[-1].strip()
    return f": {last[:_SHOWN]}{'...' if len(last) > _SHOWN else ''}{where}"
