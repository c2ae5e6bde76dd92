"""`cdktf-harness watch` at work on a small app, and a person who edits it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

COMMAND = Path(sys.executable).parent / "cdktf-harness"
PATIENCE_SECONDS = 180.0
# One stack with one resource; no bindings, whose import would take most of the test's time.
MAIN = """
import json
from pathlib import Path
from cdktf import App, HttpBackend, TerraformOutput, TerraformStack
from parts.names import NAME

days = json.loads(Path("cdktf.json").read_text())["context"]["days"]
app = App()
stack = TerraformStack(app, "logs")
# Nothing listens there: the state of a real deployment is not asked for.
HttpBackend(stack, address="http://127.0.0.1:9/")
provider = {"source": "hashicorp/aws", "version": "6.25.0"}
stack.add_override("terraform.required_providers.aws", provider)
stack.add_override("provider.aws", [{"region": "eu-central-1"}])
stack.add_override("resource.aws_cloudwatch_log_group.group", {"name": NAME, "retention_in_days": days})
TerraformOutput(stack, "days", value="${aws_cloudwatch_log_group.group.retention_in_days}")
app.synth()
"""
FILES = {
    "main.py": MAIN,
    "parts/names.py": 'NAME = "one"\n',
    "cdktf.json": '{"language": "python", "app": "python main.py", "projectId": "x", "context": {"days": 3}}',
    "pyproject.toml": '[tool.cdktf-harness]\nstacks = ["logs"]\n',
    ".gitignore": "*.log\nignored/\n__pycache__/\n",
}


def cycle(name: str, mark: str = "[✓✗]") -> str:
    """The pattern of the line that tells how the change of a file went."""
    return f"^{mark} .*{re.escape(name)}.*: "


class Watching:
    """The running command; `lines` is what it has printed so far."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, content in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(content)
        self._start()

    def begin(self) -> None:
        """Have it watch the app as it is in FILES, deployed; it is started again where it was interrupted."""
        if self.process.poll() is not None:
            self._start()
        self.await_line("^Watching ")
        for name, content in FILES.items():
            if (self.root / name).read_text() != content:
                self.edit(name, content)

    def _start(self) -> None:
        self.lines: list[str] = []
        # As users have it: what is printed comes in its order without that.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        self.process = subprocess.Popen(
            [COMMAND, "watch"],
            cwd=self.root,
            env={**environment, "COLUMNS": "200"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # As a terminal does it, to interrupt all of it.
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as output:
            self.lines.extend(line.rstrip() for line in output)

    def edit(self, name: str, content: str, until: str = "", *, seconds: float = PATIENCE_SECONDS) -> str:
        """Save a file and return what is printed from then on, up to the line of its cycle, which matches `until`.

        Never half of it is there, as with an editor that writes beside the file.
        """
        start = len(self.lines)
        path, beside = self.root / name, self.root.with_suffix(".saved")
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(content)
        beside.replace(path)
        return self.await_line(until or cycle(name), start, seconds=seconds)

    def edit_in_place(self, name: str, content: str) -> tuple[str, str]:
        """The same with an editor that empties the file first and takes its time: what is printed of each step."""
        start = len(self.lines)
        with (self.root / name).open("w") as file:
            emptied = self.await_line(cycle(name), start)
            file.write(content)
        return emptied, self.await_line(cycle(name), start + len(emptied.splitlines()))

    def edit_again(self, name: str, until: str) -> str:
        """Save a file of which nothing depends, each second anew, up to the line that matches `until`.

        While a new folder begins to be watched, a change in it that changes nothing deployed is not told.
        """
        start, tries = len(self.lines), 0
        while tries < PATIENCE_SECONDS:
            tries += 1
            with contextlib.suppress(AssertionError):
                return self.edit(name, str(tries), until, seconds=1)
        return self.await_line(until, start)

    def await_line(self, pattern: str, start: int = 0, *, seconds: float = PATIENCE_SECONDS) -> str:
        """What was printed after the first `start` lines, up to the line that matches `pattern`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._reader.is_alive():
            for number, line in enumerate(self.lines[start:], start + 1):
                if re.search(pattern, line):
                    return "\n".join(self.lines[start:number])
            time.sleep(0.02)
        raise AssertionError(f"no line like {pattern!r} in\n" + "\n".join(self.lines[start:]))

    def interrupt(self) -> int:
        """Press Ctrl-C and return the exit code."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        code = self.process.wait(PATIENCE_SECONDS)
        self._reader.join()
        return code

    def run(self, *arguments: str) -> str:
        """What another command on the same deployment prints."""
        done = subprocess.run([COMMAND, *arguments], cwd=self.root, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def leftovers(self) -> list[str]:
        """What still works in the project's folder, but for the cloud, when all had time to notice the end."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (found := self._processes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return found

    def _processes(self) -> list[str]:
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
                inside = (process / "cwd").resolve().is_relative_to(self.root)
            except OSError:
                continue
            # Without a command line as long as it starts or ends.
            if inside and "ministack" not in command:
                found.append(command or process.name)
        return found
