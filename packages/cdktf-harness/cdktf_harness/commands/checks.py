"""The command that checks stacks and Containerfiles."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from cdktf_harness.commands.options import Verbose
from cdktf_harness.project.project import find
from cdktf_harness.system.progress import Steps

commands = typer.Typer()


@commands.command()
def check(verbose: Verbose = False) -> None:
    """Check the stacks of all stages, and the Containerfiles, with checkov. Exit code 1 if there is a finding."""
    from cdktf_harness.checks.checks import Checks
    from cdktf_harness.synthesis.app import App
    from cdktf_harness.synthesis.synthesizer import Synthesizer

    project, steps = find(), Steps(verbose=verbose)
    with TemporaryDirectory() as folder, steps.step("Checks of stacks and Containerfiles") as step:
        found = Checks(Synthesizer(App(project), Path(folder)))()
        step.outcome = f": {found.summary}"
    for line in [*found.problems, *(f"{one}: undetermined until apply" for one in found.undetermined)]:
        print(line)
    if found.problems:
        raise typer.Exit(1)
