"""The command line: `cdktf-harness up`, `get`, `down` and so on, for the project of the working directory."""

from __future__ import annotations

import atexit
import gc
import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.markup import escape

from cdktf_harness.commands import checks, daily, disk, interrupts, releasing
from cdktf_harness.commands.options import Verbose
from cdktf_harness.deployment.aws import Account, AwsDeployment, account
from cdktf_harness.deployment.aws_errors import explained
from cdktf_harness.deployment.bootstrap import bootstrap
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.images import bases_for, build_image, engine_for
from cdktf_harness.deployment.local import LocalDeployment
from cdktf_harness.deployment.moving import move
from cdktf_harness.deployment.policy import Principal, policy, state_bucket
from cdktf_harness.docker import build_cache, claims, tenancy
from cdktf_harness.project import environment
from cdktf_harness.project.errors import CommandFailed, HarnessError
from cdktf_harness.project.progress import Steps
from cdktf_harness.project.project import find

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
aws = typer.Typer(help="The same stacks in your AWS account.", no_args_is_help=True)
app.add_typer(aws, name="aws")

# Typer's exit code after an interrupt.
_INTERRUPTED = 130

Undo = Annotated[bool, typer.Option("--undo", help="If the URL does not answer, put the last good release back.")]
Port = Annotated[int, typer.Option(help="Port of the embedded cloud; 0: the one it had, else a free one.")]


def _local(verbose: bool = False) -> LocalDeployment:
    project = find()
    return LocalDeployment(project, project.folder / "local", steps=Steps(verbose=verbose))


def _aws(verbose: bool = False) -> AwsDeployment:
    project = find()
    return AwsDeployment(project, project.folder / "aws", steps=Steps(verbose=verbose))


@app.command()
def up(verbose: Verbose = False, port: Port = 0, undo: Undo = False) -> None:
    """Deploy all stacks to the embedded cloud and print the answer of the URL, or the outputs."""
    deployment = _local(verbose)
    with deployment.owned():
        _up(deployment, port, undo)
    say = deployment.project.command
    deployment.steps.say(f"Next: {say('up')} after an edit, {say('get')}, {say('down')}")


@app.command()
def watch(verbose: Verbose = False, port: Port = 0) -> None:
    """Deploy all stacks as `up` does, then deploy every change of a file until Ctrl-C; the deployment stays up."""
    # Imported late: no other command needs it.
    from cdktf_harness.watch import loop

    deployment = _local(verbose)
    with deployment.owned():
        _up(deployment, port)
    with _until_interrupt(deployment, "watching"):
        loop.watch(deployment)


@app.command()
def debug(
    verbose: Verbose = False,
    port: Port = 0,
    debugger_port: Annotated[int, typer.Option(help="Port for the debugger to attach to.")] = 5678,
    wait: Annotated[bool, typer.Option(help="Let requests wait until a debugger is attached.")] = False,
) -> None:
    """Deploy as `watch` does, with debugpy in the function's container, for an editor to attach to."""
    from cdktf_harness.commands import debug as debugging

    deployment = _local(verbose)
    with deployment.owned():
        _up(deployment, port)
    with _until_interrupt(deployment, "debugging"):
        debugging.debug(deployment, port=debugger_port, wait=wait)


@app.command()
def get() -> None:
    """Print the deployed URL and its answer, or the outputs."""
    _answer(_local())


@app.command()
def diff(verbose: Verbose = False) -> None:
    """Print what `up` would change."""
    deployment = _local(verbose)
    deployment.require_up()
    with deployment.owned():
        print(deployment.diff())


@app.command()
def down(verbose: Verbose = False) -> None:
    """Remove the local deployment: cloud, containers, images, files, and the Docker engine if it was started for it."""
    deployment = _local(verbose)
    with deployment.owned():
        deployment.remove()
    with suppress(HarnessError):
        # Without an engine, no image was built.
        if megabytes := round(build_cache.remove(deployment.folder) / 1e6):
            deployment.steps.say(f"  its build cache is removed: {megabytes} MB")
    claims.drop(deployment.project.root)
    if tenancy.leave(stop=True):
        deployment.steps.say("  the Docker engine was started for this and is stopped")
    deployment.steps.say(f"Next: {deployment.project.command('up')} deploys again")


@app.command()
def prepare(verbose: Verbose = False) -> None:
    """Start a Docker engine if none runs and prepare the base images, as `up` does; print changes of the machine."""
    project, steps = find(), Steps(verbose=verbose, quiet=True)
    if project.architecture:
        engine = engine_for(steps)
        # Until the deployment is removed.
        claims.folder(project.root)
        bases_for(project, engine, steps)


@app.command()
def image(folder: Path, tag: Annotated[str, typer.Option(help="Name of the image.")], verbose: Verbose = False) -> None:
    """Build the image of a folder as a deployment does, and keep it in the Docker engine."""
    steps = Steps(verbose=verbose)
    build_image(find(), folder, tag, steps=steps)
    claims.image(tag)
    steps.say(f"Next: docker run --rm -p 127.0.0.1:9000:8080 {tag}")


@app.command()
def env() -> None:
    """Print the environment in which `cdktf` works on the local deployment: eval "$(cdktf-harness env)"."""
    print(environment.as_exports(_local().own_env))


@aws.command("up")
def aws_up(verbose: Verbose = False, undo: Undo = False) -> None:
    """Deploy all stacks to AWS and print the answer of the URL, or the outputs."""
    deployment = _aws(verbose)
    with deployment.owned():
        deployment.start(images=True)
        releasing.release(deployment, lambda: _answer(deployment), undo=undo)
    say = deployment.project.command
    deployment.steps.say(f"Next: {say('aws get')}, {say('aws down')}")


@aws.command("get")
def aws_get() -> None:
    """Print the URL on AWS and its answer."""
    _answer(_aws())


@aws.command("down")
def aws_down(verbose: Verbose = False) -> None:
    """Destroy all stacks on AWS, with the images in the repository."""
    deployment = _aws(verbose)
    with deployment.owned():
        deployment.start(images=False)
        deployment.destroy()


@aws.command("bootstrap")
def aws_bootstrap(
    bucket: Annotated[str, typer.Option(help="Name of the bucket; default: the app's setting, else a new name.")] = "",
) -> None:
    """Make the S3 bucket for Terraform's state, or see that it is as it should be."""
    project, steps = find(), Steps()
    owner = account(project, environment.providers("registry"))
    setting = project.state_bucket_setting
    bucket = bucket or state_bucket(project, owner)
    with steps.step(f"State bucket {bucket} in account {owner}"):
        made = bootstrap(owner, bucket)
    steps.say(f"  {'created' if made else 'it was there'}; private, encrypted, versioned, over TLS only")
    if project.state_bucket != bucket:
        steps.say(f'Next: "{setting}": "{bucket}" in cdktf.json, then {project.command("aws move-state")}')


@aws.command("policy")
def aws_policy(
    number: Annotated[
        str, typer.Option("--account", help="Number of the account; default: that of AWS's answer.")
    ] = "",
    bootstrap: Annotated[bool, typer.Option("--bootstrap", help="What `aws bootstrap` needs, instead.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Only what a plan needs.")] = False,
    stage: Annotated[str, typer.Option(help="Name of the stage, also with wildcards: 'pr-*'.")] = "",
) -> None:
    """Print the smallest IAM policy with which `aws up`, `aws rollback` and `aws down` work on a stage."""
    project = find()
    owner = Account(number, project.region) if number else account(project, environment.providers("registry"))
    principal = Principal(owner, "bootstrap" if bootstrap else "deploy", stage, plan)
    print(json.dumps(policy(project, principal), indent=2))


@aws.command("diff")
def aws_diff(verbose: Verbose = False) -> None:
    """Print what `aws up` would change."""
    deployment = _aws(verbose)
    with deployment.owned():
        deployment.start(images=False)
        print(deployment.diff())


@aws.command("move-state")
def aws_move_state(
    before: Annotated[list[str], typer.Argument(help="Settings of the place where it was: state_bucket=")],
    verbose: Verbose = False,
) -> None:
    """Move Terraform's state of all stacks to where the app's settings say."""
    deployment = _aws(verbose)
    with deployment.owned():
        deployment.start(images=False)
        with deployment.steps.step("Terraform's state"):
            moved = move(deployment, deployment.project.variables(before))
        deployment.steps.say(f"  moved: {', '.join(moved) or 'nothing, since there was none'}")


checks.add(app)
daily.add(app, _local)
daily.add(aws, _aws)


def _up(deployment: LocalDeployment, port: int, undo: bool = False) -> None:
    deployment.start(port=port)
    releasing.release(deployment, lambda: _answer(deployment), undo=undo)


@contextmanager
def _until_interrupt(deployment: LocalDeployment, doing: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        say = deployment.project.command
        deployment.steps.say(f"Stopped {doing}; the deployment is still up. Next: {say('get')}, {say('down')}")


def _answer(deployment: Deployment) -> None:
    if not deployment.project.url:
        print(json.dumps(daily.own_outputs(deployment), indent=2))
        return
    print(deployment.url())
    with explained():
        print(deployment.answer())


def main() -> None:
    """Run the command line. A failure prints the end of the failed tool's output and one line."""
    # Without this, the garbage collection at exit takes 0.1 s.
    atexit.register(gc.freeze)
    # Keep the order of lines on standard output and standard error when they go to a pipe.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    interrupts.install()
    try:
        app(standalone_mode=True)
    except HarnessError as error:
        steps = Steps()
        if isinstance(error, CommandFailed) and error.tail:
            steps.console.print(f"[dim]{escape(error.tail)}[/dim]")
        output = error.output if isinstance(error, CommandFailed) else ""
        _fail(f"{error}{disk.advice(f'{error} {output}')}")
    except OSError as error:
        # Mostly the state folder: not writable, or the disk is full.
        said = ": ".join(map(str, filter(None, (error.filename, error.strerror or error))))
        _fail(f"{said}{disk.advice(said)}")
    except SystemExit as end:
        if end.code == _INTERRUPTED and (code := interrupts.exit_code()):
            _fail("interrupted; run the command again to go on", code)
        raise


def _fail(line: str, code: int = 1) -> NoReturn:
    with suppress(OSError):  # the terminal may be gone
        Steps().console.print(f"[red]error:[/red] {escape(line)}")
    sys.exit(code)
