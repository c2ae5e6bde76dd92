"""Synthesize an app at once, with a process that was started before it was needed."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from cdktf_harness.project.errors import CommandFailed, HarnessError
from cdktf_harness.project.programs import TAIL_LINES, Program
from cdktf_harness.watch import spare


class WarmApp:
    """The CDKTF app in the folder `root`, synthesized into `out` with the environment `env`.

    Most of a synthesis is imports. Where the app is a Python program, the next synthesis is started right after the
    last: it has imported what the last one did, and waits. `notes` is the file that says what that was.
    """

    def __init__(self, root: Path, out: Path, notes: Path, env: Mapping[str, str]) -> None:
        self._root = root
        self._notes = notes
        # As CDKTF's command line does it, which keeps Terraform's variables from the app.
        kept = {name: value for name, value in env.items() if not name.startswith("TF_VAR_")}
        self._env = {**kept, "CDKTF_OUTDIR": str(out)}
        self._spare: Program | None = None

    def prepare(self) -> None:
        """Start the process of the next synthesis, unless it waits already, or cannot be: the synthesis will tell."""
        if not self._spare:
            with suppress(HarnessError):
                self._spare = self._start()

    def synthesize(self, changed: Collection[Path] = ()) -> None:
        """Synthesize, after a change of the files `changed` (relative paths; none: it is not known which).

        Raises CommandFailed with the app's own last words.
        """
        if not changed or any(map(self._imports, changed)):
            self.close()
        process = self._spare or self._start()
        self._spare = None
        with process:
            try:
                output, _ = process.communicate("go\n")
            except BaseException:
                process.kill()
                process.communicate()
                raise
        if process.returncode != 0:
            *before, last = output.strip().splitlines()[-TAIL_LINES:] or ["it printed nothing"]
            raise CommandFailed(f"the app does not synthesize: {last}", tail="\n".join(before), output=output)

    def close(self) -> None:
        """End the process that waits."""
        if self._spare:
            with self._spare:
                self._spare.communicate()
            self._spare = None

    def _start(self) -> Program:
        return Program(self._command(), cwd=self._root, env=self._env, stdin=subprocess.PIPE)

    def _command(self) -> list[str]:
        """The `app` of cdktf.json; where that is a Python program, with its imports done beforehand."""
        try:
            command = shlex.split(json.loads((self._root / "cdktf.json").read_text())["app"])
        except (OSError, ValueError, KeyError) as error:
            raise HarnessError(f"cdktf.json does not say how to run the app: {error}") from None
        match command:
            case [python, program, *arguments] if "python" in Path(python).name and program.endswith(".py"):
                return [python, spare.__file__, str(self._notes), program, *arguments]
            case _:
                return command

    def _imports(self, changed: Path) -> bool:
        """Whether the process that waits may have read `changed`: all but folders that nothing was imported from."""
        if len(changed.parts) == 1 or not self._notes.exists():
            return True
        top = self._root / changed.parts[0]
        files = json.loads(self._notes.read_text()).values()
        return any(Path(file).is_relative_to(top) for file in files if file)
