"""Synthesize an app quickly, in a process that was started in advance."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path

from cdktf_harness.project import config_files
from cdktf_harness.synthesis import app_process
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.programs import Program
from cdktf_harness.watch import preimport_worker
from cdktf_harness.watch.preimport_worker import STALE


class WarmApp:
    """The CDKTF app in the folder `root`, synthesized into `out` with the environment `env`.

    Imports take most of a synthesis. If the app is a Python program, the process of the next synthesis starts right
    after the last one: it imports the same modules, which the file `notes` lists, except the app's own, and waits.
    """

    def __init__(self, root: Path, out: Path, notes: Path, env: Mapping[str, str]) -> None:
        self._root = root
        self._notes = notes
        self._env = env
        self._out = out
        self._waiting_process: Program | None = None

    def prepare(self) -> None:
        """Start the process of the next synthesis, if none waits. The synthesis reports errors."""
        with suppress(HarnessError):
            # Another program would start at once.
            if not self._waiting_process and preimport_worker.__file__ in self._command():
                self._waiting_process = self._start()

    def synthesize(self, changed: Collection[Path], on_line: Callable[[str], None]) -> None:
        """Synthesize after a change of the files `changed` (relative paths; none: unknown ones).

        Hand each line of the app's output to `on_line`. Raises CommandFailed with the one that says what is wrong.
        """
        # The command and its environment depend on files in the project's folder.
        if not changed or any(len(path.parts) <= 1 for path in changed):
            self.close()
        code, output = self._run(self._waiting_process, changed) if self._waiting_process else (STALE, "")
        if code == STALE:
            code, output = self._run(self._start())
        for line in output.splitlines():
            on_line(line)
        if code != 0:
            raise app_process.app_failed(self._root, output)
        app_process.place_paths(self._root, self._out)

    def _run(self, process: Program, changed: Collection[Path] = ()) -> tuple[int, str]:
        """Let the process run the app after a change since its start; return its exit code and output."""
        self._waiting_process = None
        with process:
            try:
                output, _ = process.communicate(json.dumps([str(path) for path in changed]) + "\n")
            except BaseException:
                process.kill()
                process.communicate()
                raise
        return process.returncode, output

    def close(self) -> None:
        """End the process that waits."""
        if self._waiting_process:
            with self._waiting_process:
                self._waiting_process.communicate()
            self._waiting_process = None

    def _start(self) -> Program:
        content, command = config_files.app(self._root), self._command()
        env = app_process.environment(content, self._env, self._out)
        # Python would use the bytecode of a save for the next one of the same size and second ("Cached bytecode
        # invalidation").
        env["PYTHONDONTWRITEBYTECODE"] = "1"
        return Program(command, cwd=self._root, env=env, stdin=subprocess.PIPE)

    def _command(self) -> list[str]:
        """Return the app's command; if it runs a Python program, with imports in advance."""
        match command := app_process.command(config_files.app(self._root)):
            case [python, program, *arguments] if "python" in Path(python).name and program.endswith(".py"):
                return [python, preimport_worker.__file__, str(self._notes), program, *arguments]
            case _:
                return command
