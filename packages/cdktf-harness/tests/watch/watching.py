"""`cdktf-harness watch` on a small app, and edits of the app."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

import plain_app
from commands.running import Command, write_app

PATIENCE_SECONDS = 180.0
# One stack with one resource. Without bindings: their import would take most of the test's time.
CDKTF_MAIN = """
from cdktf import App, HttpBackend, TerraformOutput, TerraformStack
from shared import NAME

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
# The same without CDKTF.
MAIN = """
import json, os
from plain_app import synth
from shared import NAME

group = {"name": NAME, "retention_in_days": json.loads(os.environ["CDKTF_CONTEXT_JSON"])["days"]}
synth({"logs": {
    "terraform": {
        "backend": {"http": {"address": "http://127.0.0.1:9/"}},
        "required_providers": {"aws": {"source": "hashicorp/aws", "version": "6.25.0"}},
    },
    "provider": {"aws": [{"region": "eu-central-1"}]},
    "resource": {"aws_cloudwatch_log_group": {"group": group}},
    "output": {"days": {"value": "${aws_cloudwatch_log_group.group.retention_in_days}"}},
}})
"""
FILES = {
    **plain_app.files(""),
    "main.py": MAIN,
    "parts/names.py": 'NAME = "one"\n',
    "shared.py": "from parts.names import NAME\n",
    # On the path of Python: a module that is the app's by its place, not by its name.
    "lib/plug.py": "from parts.names import NAME\n",
    "my_types.py": "TYPES = ()\n",
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
        self.root, self._env = write_app(root, FILES), {"PYTHONPATH": str(root / "lib"), **env}
        self.command = Command(root, "watch", **self._env)

    def end(self) -> None:
        """Interrupt the command."""
        self.command.interrupt()
        assert self.command.wait() == 0

    def begin(self) -> None:
        """Restore and deploy the app of FILES; start the command again if it was interrupted."""
        if self.command.process.poll() is not None:
            self.command = Command(self.root, "watch", **self._env)
        self.command.await_line("^Watching ")
        for name, content in FILES.items():
            if (self.root / name).read_text() != content:
                self.edit(name, content)

    def edit(
        self, name: str, content: str, until: str = "", *, seconds: float = PATIENCE_SECONDS, modified: float = 0
    ) -> str:
        """Save a file atomically and return what is printed from then on, up to the line that matches `until`.

        `modified` is its time, if it is not now.
        """
        start = len(self.command.lines)
        path, beside = self.root / name, self.root.with_suffix(".saved")
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(content)
        if modified:
            os.utime(beside, (modified, modified))
        beside.replace(path)
        return self.command.await_line(until or cycle(name), start, seconds=seconds)

    def edit_in_place(self, name: str, content: str) -> tuple[str, str]:
        """Empty a file, then write it, as some editors do; return what is printed after each step."""
        start = len(self.command.lines)
        with (self.root / name).open("w") as file:
            emptied = self.command.await_line(cycle(name), start)
            file.write(content)
        return emptied, self.command.await_line(cycle(name), start + len(emptied.splitlines()))

    def edit_again(self, name: str, until: str) -> str:
        """Save a file that does not affect the deployment every second, up to the line that matches `until`.

        A change in a new folder may come before the folder is watched.
        """
        start = len(self.command.lines)
        for number in range(int(PATIENCE_SECONDS)):
            with contextlib.suppress(AssertionError):
                return self.edit(name, str(number), until, seconds=1)
        return self.command.await_line(until, start)
