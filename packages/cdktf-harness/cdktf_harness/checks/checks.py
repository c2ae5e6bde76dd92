"""Check an app's stacks and Containerfiles."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cdktf_harness.checks import checkov
from cdktf_harness.checks.report import Report, report
from cdktf_harness.project.project import TABLE, Project
from cdktf_harness.synthesis.app import Settings
from cdktf_harness.synthesis.synthesizer import Synthesizer
from cdktf_harness.system.errors import HarnessError


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
        results = checkov.results(project, files, containerfiles)
        return report(results, syntheses, containerfiles, complete=not wanted)


def stages(project: Project) -> list[str]:
    """Return the stages of an app that have a file, or an empty name if it has no stages."""
    return sorted(file.stem for file in (project.root / project.stages).glob("*.json")) if project.stages else [""]
