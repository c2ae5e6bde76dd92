"""What is known from the synthesized stacks alone: no credentials, nothing runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from cdktf_harness.commands import output
from cdktf_harness.commands.options import Json
from cdktf_harness.operations.cost import estimate
from cdktf_harness.project.project import Project, find
from cdktf_harness.synthesis.app import App
from cdktf_harness.synthesis.stacks import Synthesis
from cdktf_harness.synthesis.synthesizer import Synthesizer
from cdktf_harness.system.progress import Steps


def cost(
    milliseconds: Annotated[
        float, typer.Option("--ms", help="Time that functions take for a request, ms.", min=0)
    ] = 100,
    json_: Json = False,
) -> None:
    """Print the cost of the app by construct, at rest and for a million requests, from a table of list prices."""
    project = find()
    synthesis = synthesized(project)
    found = estimate(
        [stack for stack in synthesis.values() if stack.name in (project.stacks or synthesis)], milliseconds
    )
    print(json.dumps(asdict(found), indent=2)) if json_ else output.cost(found)


def synthesized(project: Project) -> Synthesis:
    """Return the stacks as for AWS, without credentials, with the settings in this process's variables."""
    with TemporaryDirectory() as folder, Steps(quiet=True).step("Synthesis"):
        return Synthesizer(App(project), Path(folder))(project.in_variables)
