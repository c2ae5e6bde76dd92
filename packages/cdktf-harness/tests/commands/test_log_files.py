"""The part of an error that comes from the log of a build."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cdktf_harness.deployment.log_files import logs_shown
from cdktf_harness.system.errors import CommandFailed

COMMAND = "executor failed running [/bin/sh -c make]: exit code: 2"
FAILED = f"Error running buildx build: failed to solve: {COMMAND} (api/image)"


def deploy(log: Path, text: str, error: str) -> None:
    """Write a log and fail, as a deployment does; the time of the log is behind the clock, as a file's often is."""
    with logs_shown(log.parent, log.name):
        log.write_text(text)
        os.utime(log, (0, 0))
        raise CommandFailed(error)


def fail(folder: Path, printed: str, error: str = FAILED) -> CommandFailed:
    """Return the error of a deployment that wrote the log of a build with a failed step that printed `printed`."""
    text = f"#1 [1/1] RUN make\n{printed}#1 ERROR: {COMMAND}\nERROR: {COMMAND}\n"
    with pytest.raises(CommandFailed) as caught:
        deploy(folder / "build.log", text, error)
    assert caught.value.tail.endswith(text.strip())
    return caught.value


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("", ""),
        ("#1 one\n#1 two\n", ": two"),
        ("#1 3.14 is too new\n", ": 3.14 is too new"),
        ("#1 ERROR: process 17 died\n#1 no memory\n", ": no memory"),
        # The steps that run at the same time.
        ("#1 bad\n#1 ...\n#2 [2/2] RUN x\n#2 good\n#2 ERROR: x: context canceled\n#1 [1/1] RUN make\n", ": bad"),
        ("#1 \x1b[31mred\x1b[0m\x1b]0;title\x07\n#1 \x1b[0m\n", ": red"),
        (f"#1 {'x' * 301}\n", f": {'x' * 300}..."),
        (
            '#1   File "/app.py", line 7\n#1     f(\n#1      ^\n#1 SyntaxError: no\n',
            ": SyntaxError: no (/app.py, line 7)",
        ),
    ],
)
def test_the_last_line_that_the_failed_step_printed_is_told(tmp_path: Path, printed: str, told: str) -> None:
    """Not another step's, and nothing that would change the terminal."""
    assert str(fail(tmp_path, printed)) == f"{FAILED}{told}"


def test_an_error_of_something_else_gets_nothing(tmp_path: Path) -> None:
    """Such as that of another resource, beside which the build failed, too."""
    assert str(fail(tmp_path, "#1 one\n", "creating a log group: it exists")) == "creating a log group: it exists"


def test_a_log_that_was_there_before_is_not_shown(tmp_path: Path) -> None:
    """It is that of an earlier build."""
    (tmp_path / "build.log").write_text("#1 one\n")
    with pytest.raises(CommandFailed) as caught, logs_shown(tmp_path, "build.log"):
        raise CommandFailed(FAILED)
    assert not caught.value.tail
