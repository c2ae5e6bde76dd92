"""The commands that check what would be deployed: stacks and Containerfiles, what an image is made of."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from cdktf_harness.commands.options import Verbose
from cdktf_harness.deployment.images import sbom as sbom_of
from cdktf_harness.project.progress import Steps
from cdktf_harness.project.project import find

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


@commands.command()
def sbom(folder: Path, verbose: Verbose = False) -> None:
    """Build the image of a folder and print what it is made of, as the build wrote it (CycloneDX)."""
    print(json.dumps(sbom_of(find(), folder, steps=Steps(verbose=verbose)), indent=1))


@commands.command()
def audit(
    folder: Path,
    service: Annotated[str, typer.Option(help="OSV's address, or that of a mirror.")] = "https://api.osv.dev",
    verbose: Verbose = False,
) -> None:
    """Build the image of a folder and print its known vulnerabilities. Exit code 1 if there is one with a fix."""
    from cdktf_harness.checks import vulnerabilities

    steps = Steps(verbose=verbose)
    sbom = sbom_of(find(), folder, steps=steps)
    with steps.step(f"Vulnerabilities of {len(sbom['components'])} packages") as step:
        found = vulnerabilities.find(sbom, service)
        fixable = [one for one in found if one.fixed]
        step.outcome = f": {len(fixable)} with a fixed version, {len(found) - len(fixable)} without"
    for one in sorted(found, key=lambda one: not one.fixed):
        print(one)
    if fixable:
        raise typer.Exit(1)
