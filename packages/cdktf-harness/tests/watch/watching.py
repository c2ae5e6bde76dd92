"""`cdktf-harness watch` on a small app, and edits of the app."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from pathlib import Path

import psutil
from commands.running import COMMAND, Command, at_work, write_app

from terraform_standins.waiting import poll

PATIENCE_SECONDS = 180.0
# One stack with one resource. Without bindings: their import would take most of the test's time.
MAIN = """
from cdktf import App, HttpBackend, TerraformOutput, TerraformStack
from parts.names import NAME

app = App()
days = app.node.get_context("days")
stack = TerraformStack(app, "logs")
# Nothing listens there: the harness must not use this backend.
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
    """Return the pattern of the line with the result of a file's change."""
    return f"^{mark} .*{re.escape(name)}.*: "


class Watching:
    """A running `watch`, with `env` beside the variables of this process."""

    def __init__(self, root: Path, **env: str) -> None:
        self.root = write_app(root, FILES)
        self._env = env
        self._start()

    def begin(self) -> None:
        """Restore and deploy the app of FILES; start the command again if it was interrupted."""
        if self.process.poll() is not None:
            self._start()
        self.await_line("^Watching ")
        for name, content in FILES.items():
            if (self.root / name).read_text() != content:
                self.edit(name, content)

    def _start(self) -> None:
        self._command = Command(self.root, "watch", **self._env)

    @property
    def process(self) -> subprocess.Popen[str]:
        """The process of the command."""
        return self._command.process

    @property
    def lines(self) -> list[str]:
        """What the command has printed so far."""
        return self._command.lines

    def edit(
        self, name: str, content: str, until: str = "", *, seconds: float = PATIENCE_SECONDS, modified: float = 0
    ) -> str:
        """Save a file atomically and return what is printed from then on, up to the line that matches `until`.

        `modified` is its time, if it is not now.
        """
        start = len(self.lines)
        path, beside = self.root / name, self.root.with_suffix(".saved")
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(content)
        if modified:
            os.utime(beside, (modified, modified))
        beside.replace(path)
        return self.await_line(until or cycle(name), start, seconds=seconds)

    def edit_in_place(self, name: str, content: str) -> tuple[str, str]:
        """Empty a file, then write it, as some editors do; return what is printed after each step."""
        start = len(self.lines)
        with (self.root / name).open("w") as file:
            emptied = self.await_line(cycle(name), start)
            file.write(content)
        return emptied, self.await_line(cycle(name), start + len(emptied.splitlines()))

    def edit_again(self, name: str, until: str) -> str:
        """Save a file that does not affect the deployment every second, up to the line that matches `until`.

        A change in a new folder may come before the folder is watched.
        """
        start, tries = len(self.lines), 0
        while tries < PATIENCE_SECONDS:
            tries += 1
            with contextlib.suppress(AssertionError):
                return self.edit(name, str(tries), until, seconds=1)
        return self.await_line(until, start)

    def await_line(self, pattern: str, start: int = 0, *, seconds: float = PATIENCE_SECONDS) -> str:
        """Return what was printed after the first `start` lines, up to the line that matches `pattern`."""
        return self._command.await_match(pattern, start, seconds=seconds)

    def interrupt(self) -> int:
        """Press Ctrl-C and return the exit code."""
        self._command.interrupt()
        return self._command.wait()

    def run(self, *arguments: str) -> str:
        """Run another command on the same deployment; return what it prints."""
        done = subprocess.run([COMMAND, *arguments], cwd=self.root, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def leftovers(self) -> list[str]:
        """Wait for the processes in the project's folder to end; return those that have not, without the cloud."""
        return poll(self._processes, PATIENCE_SECONDS, until=lambda found: not found)

    def _processes(self) -> list[str]:
        found = []
        for process in at_work(self.root):
            with contextlib.suppress(psutil.NoSuchProcess):
                found.append(" ".join(process.cmdline()) or process.name())
        return [command for command in found if "cloud.server" not in command]
