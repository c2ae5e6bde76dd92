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
        if not self._waiting_process:
            with suppress(HarnessError):
                self._waiting_process = self._start()

    def synthesize(self, changed: Collection[Path], on_line: Callable[[str], None]) -> None:
        """Synthesize after a change of the files `changed` (relative paths; none: unknown ones).

        Hand each line of the app's output to `on_line`. Raises CommandFailed with the one that says what is wrong.
        """
        if not changed or any(map(self._imports, changed)):
            self.close()
        process = self._waiting_process or self._start()
        self._waiting_process = None
        with process:
            try:
                output, _ = process.communicate("go\n")
            except BaseException:
                process.kill()
                process.communicate()
                raise
        for line in output.splitlines():
            on_line(line)
        if process.returncode != 0:
            raise app_process.app_failed(self._root, output)

    def close(self) -> None:
        """End the process that waits."""
        if self._waiting_process:
            with self._waiting_process:
                self._waiting_process.communicate()
            self._waiting_process = None

    def _start(self) -> Program:
        content = config_files.app(self._root)
        env = app_process.environment(content, self._env, self._out)
        # Python would use the bytecode of a save for the next one of the same size and second ("Cached bytecode
        # invalidation").
        env["PYTHONDONTWRITEBYTECODE"] = "1"
        return Program(self._waiting(app_process.command(content)), cwd=self._root, env=env, stdin=subprocess.PIPE)

    def _waiting(self, command: list[str]) -> list[str]:
        """Return the command; if it runs a Python program, with imports in advance."""
        match command:
            case [python, program, *arguments] if "python" in Path(python).name and program.endswith(".py"):
                return [python, preimport_worker.__file__, str(self._notes), program, *arguments]
            case _:
                return command

    def _imports(self, changed: Path) -> bool:
        """Whether the waiting process may have read `changed`: false only in folders without imported modules."""
        if len(changed.parts) == 1 or not self._notes.exists():
            return True
        top = self._root / changed.parts[0]
        files = json.loads(self._notes.read_text()).values()
        return any(Path(file).is_relative_to(top) for file in files if file)
