"""Check an app's stacks and Containerfiles."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cdktf_harness.checks import checkov
from cdktf_harness.checks.report import Report, report
from cdktf_harness.project.errors import HarnessError
from cdktf_harness.project.project import TABLE, Project
from cdktf_harness.synthesis.app import Settings
from cdktf_harness.synthesis.synthesizer import Synthesizer


class Checks:
    """A function that checks an app; see `__call__`."""

    def __init__(self, synth: Synthesizer) -> None:
        self._synth = synth

    def __call__(self, settings: Settings | None = None, /, **more: Any) -> Report:
        """Check the stacks of all stages, or those with the given settings, and the Containerfiles of the table.

        Raises HarnessError if there is no checkov, or if the app does not synthesize.
        """
        project = self._synth.app.project
        wanted = {**(settings or {}), **more}
        setting = project.stage_setting
        each = (
            {str(wanted.get(setting, "")): wanted} if wanted else {name: _of(project, name) for name in stages(project)}
        )
        with ThreadPoolExecutor() as pool:
            syntheses = dict(zip(each, pool.map(self._synth, each.values()), strict=True))
        files = [[stack.folder / "cdk.tf.json" for stack in synthesis.values()] for synthesis in syntheses.values()]
        containerfiles = {project.root / name: name for name in project.containerfiles}
        for path, name in containerfiles.items():
            if not path.is_file():
                raise HarnessError(f"there is no {name}; fix `containerfiles` in [{TABLE}]")
        return report(checkov.results(project, files, containerfiles), syntheses, containerfiles)


def stages(project: Project) -> list[str]:
    """Return the stages of an app that have a file, or an empty name if it has no stages."""
    return sorted(file.stem for file in (project.root / project.stages).glob("*.json")) if project.stages else [""]


def _of(project: Project, stage: str) -> Settings:
    return {project.stage_setting: stage} if stage else {}
