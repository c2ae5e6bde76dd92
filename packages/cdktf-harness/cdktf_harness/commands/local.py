"""The commands for the deployment on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from cdktf_harness.commands import offline, releasing
from cdktf_harness.commands.options import Expect, From, Undo, Verbose
from cdktf_harness.deployment.images import bases_for, build_image, engine_for
from cdktf_harness.deployment.local.deployment import LocalDeployment, check_app
from cdktf_harness.docker import engine
from cdktf_harness.project import environment
from cdktf_harness.project.project import find
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.programs import Threads
from cdktf_harness.system.progress import Steps

commands = typer.Typer()
commands.command()(offline.cost)

Kept = Annotated[bool, typer.Option("--kept", help="The deployment of `pytest --cdktf-keep`, instead.")]
Port = Annotated[int, typer.Option(help="Port of the embedded cloud; default: the previous one, else a free one.")]


def local_deployment(verbose: bool = False, *, kept: bool = False) -> LocalDeployment:
    """Return the local deployment of the project in the working directory, or that of `pytest --cdktf-keep`."""
    project = find()
    return LocalDeployment(project, project.folder / ("kept" if kept else "local"), steps=Steps(verbose=verbose))


@commands.command()
def up(
    verbose: Verbose = False,
    port: Port = 0,
    undo: Undo = False,
    providers: Annotated[str, typer.Option(help="auto, bundled or registry (the real ones); default: auto.")] = "",
    supported_only: Annotated[bool, typer.Option(help="Leave out what cannot be deployed here.")] = False,
) -> None:
    """Deploy all stacks to the embedded cloud and print the answer of the URL, or the outputs."""
    if providers:
        os.environ["PROVIDERS"] = providers
    deployment = local_deployment(verbose)
    with deployment.owned():
        _up(deployment, port, undo, supported_only=supported_only)
    say = deployment.project.command
    deployment.steps.say(f"Next: {say('up')} after an edit, {say('get')}, {say('down')}")


@commands.command()
def watch(verbose: Verbose = False, port: Port = 0) -> None:
    """Deploy all stacks as `up` does, then deploy every change of a file until Ctrl-C; the deployment stays up."""
    # Imported here: no other command needs it.
    from cdktf_harness.watch import loop

    deployment = local_deployment(verbose)
    with deployment.owned():
        _up(deployment, port)
    with _until_interrupt(deployment, "watching"):
        loop.watch(deployment)


@commands.command()
def debug(
    verbose: Verbose = False,
    port: Port = 0,
    debugger_port: Annotated[int, typer.Option(help="Port for the debugger to attach to.")] = 5678,
    wait: Annotated[bool, typer.Option(help="Let requests wait until a debugger is attached.")] = False,
    function: Annotated[str, typer.Option(help="Attach to this function; default: the newest container.")] = "",
) -> None:
    """Deploy as `watch` does, with debugpy in the function's container, for an editor to attach to."""
    from cdktf_harness.commands import debug as debugging

    deployment = local_deployment(verbose)
    with deployment.owned():
        _up(deployment, port)
    with _until_interrupt(deployment, "debugging"):
        debugging.debug(deployment, port=debugger_port, wait=wait, function=function)


@commands.command()
def promote(from_: From, expect: Expect = None, undo: Undo = False, verbose: Verbose = False) -> None:
    """Deploy the images that another stage runs, without a build."""
    deployment = local_deployment(verbose)
    source = releasing.Source(from_, expected=expect or ())
    releasing.promote(deployment, lambda: local_deployment(verbose), deployment.start, source, undo=undo)


@commands.command()
def down(verbose: Verbose = False, kept: Kept = False) -> None:
    """Remove the local deployment: cloud, containers, images, files. A Docker engine that the harness started stays."""
    deployment = local_deployment(verbose, kept=kept)
    with deployment.owned():
        deployment.remove()
    if own := engine.started():
        deployment.steps.say(
            f"The Docker engine that the harness started on this machine keeps running; stop it by: kill {own.pid}"
        )
    deployment.steps.say(f"Next: {deployment.project.command('up')} deploys again")


@commands.command(hidden=True)
def prepare(verbose: Verbose = False) -> None:
    """Start a Docker engine if none runs and prepare the base images, as `up` does; print changes of the machine."""
    project, steps = find(), Steps(verbose=verbose, quiet=True)
    if project.architecture:
        bases_for(project, engine_for(steps), steps)


@commands.command()
def image(folder: Path, tag: Annotated[str, typer.Option(help="Name of the image.")], verbose: Verbose = False) -> None:
    """Build the image of a folder as a deployment does, and keep it in the Docker engine."""
    steps = Steps(verbose=verbose)
    build_image(find(), folder, tag, steps=steps)
    steps.say(f"Next: docker run --rm -p 127.0.0.1:9000:8080 {tag}")


@commands.command()
def env(
    start: Annotated[bool, typer.Option(help="Start what a deployment needs first, such as the cloud.")] = False,
    kept: Kept = False,
    verbose: Verbose = False,
) -> None:
    """Print the environment in which `cdktf` works on the local deployment: eval "$(cdktf-harness env)"."""
    deployment = local_deployment(verbose, kept=kept)
    if start:
        with deployment.owned():
            deployment.start()
    print(environment.as_exports(deployment.own_env))


@commands.command()
def check(
    verbose: Verbose = False,
    local: Annotated[bool, typer.Option(help="Check what `up` can deploy; nothing is started.")] = False,
) -> None:
    """Check the stacks of all stages, and the Containerfiles, with checkov. Exit code 1 if there is a finding."""
    if local:
        print(check_app(find(), Steps(verbose=verbose)))
        return
    from cdktf_harness.checks.checkov import Checks
    from cdktf_harness.synthesis.app import App
    from cdktf_harness.synthesis.synthesizer import Synthesizer

    project, steps = find(), Steps(verbose=verbose)
    with TemporaryDirectory() as folder, steps.step("Checks of stacks and Containerfiles") as step:
        found = Checks(Synthesizer(App(project), Path(folder)))()
        step.outcome = f": {found.summary}"
    for line in found.problems:
        print(line)
    if found.problems:
        raise typer.Exit(1)


def _up(deployment: LocalDeployment, port: int, undo: bool = False, *, supported_only: bool = False) -> None:
    try:
        with Threads(1, deployment.steps.say) as threads:
            deployment.start(port=port, supported_only=supported_only, threads=threads)
            releasing.release(deployment, undo=undo)
    except HarnessError:
        if deployment.needs and deployment.needs.alive:
            deployment.steps.say(f"The embedded cloud keeps running; {deployment.project.command('down')} removes it")
        raise


@contextmanager
def _until_interrupt(deployment: LocalDeployment, doing: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        say = deployment.project.command
        deployment.steps.say(f"Stopped {doing}; the deployment is still up. Next: {say('get')}, {say('down')}")
