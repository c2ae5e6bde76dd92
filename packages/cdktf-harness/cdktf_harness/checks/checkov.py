"""Check an app with checkov, in its own virtual environment: it needs a hundred packages, some in old versions."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cdktf_harness.checks.report import Report, report
from cdktf_harness.project import environment
from cdktf_harness.project.project import TABLE, Project
from cdktf_harness.synthesis.app import Settings
from cdktf_harness.synthesis.synthesizer import Synthesizer
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.programs import run

VERSION = "3.3.30"
# Runs in that environment.
_PROGRAM = Path(__file__).with_name("checkov_results.py")


def python(project: Project) -> Path:
    """Return the Python of checkov's environment. Raises HarnessError if there is none."""
    folder = project.checkov
    found = project.root / folder / "bin" / "python"
    if not found.exists():
        raise HarnessError(
            f"no checkov in {folder}: run `python3 -m venv {folder} && {folder}/bin/pip install checkov=={VERSION}`,"
            f" or name its environment as `checkov` in [{TABLE}]"
        )
    return found


def results(project: Project, stacks: Iterable[Sequence[Path]], containerfiles: Iterable[Path]) -> list[dict[str, Any]]:
    """Return the result of each check on each block, in one run; stacks in one sequence may refer to each other.

    Raises CommandFailed with the end of checkov's output.
    """
    asked = {
        "stacks": [[str(file) for file in files] for files in stacks],
        "containerfiles": [str(file) for file in containerfiles],
    }
    with tempfile.TemporaryDirectory() as folder:
        question, answer = Path(folder, "asked.json"), Path(folder, "results.json")
        question.write_text(json.dumps(asked))
        command = [str(python(project)), "-I", str(_PROGRAM), str(question), str(answer)]
        run(command, cwd=project.root, env=environment.inherited(hide_account=True))
        found: list[dict[str, Any]] = json.loads(answer.read_text())
    return found


class Checks:
    """A function that checks an app; see `__call__`."""

    def __init__(self, synth: Synthesizer) -> None:
        self._synth = synth

    def __call__(self, settings: Settings | None = None, /, **more: Any) -> Report:
        """Check the stacks of all stages, or those with the given settings, and the Containerfiles of the table.

        Comments that suppress nothing are reported only with all stages: they may be for another stage.
        Raises HarnessError if there is no checkov, or if the app does not synthesize.
        """
        project = self._synth.app.project
        wanted = {**(settings or {}), **more}
        if wanted:
            each = {self._synth.app.configured(wanted).stage: wanted}
        else:
            each = {name: {project.stage_setting: name} if name else {} for name in stages(project)}
        with ThreadPoolExecutor() as pool:
            syntheses = dict(zip(each, pool.map(self._synth, each.values()), strict=True))
        files = [[stack.folder / "cdk.tf.json" for stack in synthesis.values()] for synthesis in syntheses.values()]
        containerfiles = {project.root / name: name for name in project.containerfiles}
        for path, name in containerfiles.items():
            if not path.is_file():
                raise HarnessError(f"there is no {name}: fix `containerfiles` in [{TABLE}]")
        found = results(project, files, containerfiles)
        return report(found, syntheses, containerfiles, complete=not wanted)


def stages(project: Project) -> list[str]:
    """Return the stages of an app that have a file, or an empty name if it has no stages."""
    return sorted(file.stem for file in (project.root / project.stages).glob("*.json")) if project.stages else [""]
