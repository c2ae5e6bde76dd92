"""Run checkov in its own virtual environment: it needs a hundred packages, some in old versions."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cdktf_harness.project import environment
from cdktf_harness.project.project import TABLE, Project
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
