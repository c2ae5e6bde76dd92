"""The commands for a deployment to an AWS account: `cdktf-harness aws up` and so on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cdktf_harness.commands import releasing
from cdktf_harness.commands.offline import synthesized
from cdktf_harness.commands.options import Expect, From, LockTimeout, Undo, Verbose, Yes
from cdktf_harness.deployment.aws.deployment import Account, AwsDeployment, account
from cdktf_harness.deployment.aws.iam_policy import Part, Principal, function_policy, policy, state_bucket
from cdktf_harness.deployment.aws.state_bucket import bootstrap
from cdktf_harness.deployment.aws.state_migration import move
from cdktf_harness.project.project import find
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.progress import Steps

commands = typer.Typer(help="The same stacks in your AWS account.", no_args_is_help=True)


def aws_deployment(verbose: bool = False) -> AwsDeployment:
    """Return the deployment to AWS of the project in the working directory."""
    project = find()
    return AwsDeployment(project, project.folder / "aws", steps=Steps(verbose=verbose))


@contextmanager
def _started(verbose: bool, lock_timeout: str = "") -> Iterator[AwsDeployment]:
    """Have the deployment for this command alone, with what changes and plans need but builds do not."""
    deployment = aws_deployment(verbose)
    with deployment.owned():
        deployment.start(images=False, lock_timeout=lock_timeout)
        yield deployment


@commands.command("up")
def aws_up(
    verbose: Verbose = False,
    undo: Undo = False,
    yes: Yes = False,
    plan: Annotated[Path | None, typer.Option(help="Apply the plans in this file, which `aws plan` wrote.")] = None,
    lock_timeout: LockTimeout = "",
) -> None:
    """Deploy all stacks to AWS and print the answer of the URL, or the outputs."""
    deployment = aws_deployment(verbose)
    project = deployment.project
    if plan and project.canary_share:
        raise HarnessError(f"a canary cannot be planned: set {project.canary_setting} to 0, or deploy without a plan")
    with deployment.owned():
        deployment.start(images=True, asks=project.protected and not yes, plans=plan, lock_timeout=lock_timeout)
        releasing.release(deployment, undo=undo)
    say = deployment.project.command
    deployment.steps.say(f"Next: {say('aws get')}, {say('aws down')}")


@commands.command("promote")
def aws_promote(
    from_: From,
    settings: Annotated[
        list[str] | None, typer.Argument(help="Settings of that stage that variables override: state_bucket=NAME.")
    ] = None,
    from_profile: Annotated[str, typer.Option(help="AWS profile for that stage; default: the same credentials.")] = "",
    expect: Expect = None,
    undo: Undo = False,
    yes: Yes = False,
    verbose: Verbose = False,
    lock_timeout: LockTimeout = "",
) -> None:
    """Deploy to AWS the images that another stage runs, without a build."""
    deployment = aws_deployment(verbose)

    def start() -> None:
        deployment.start(images=False, asks=deployment.project.protected and not yes, lock_timeout=lock_timeout)

    find = partial(aws_deployment, verbose)
    source = releasing.Source(from_, settings or (), from_profile, expect or ())
    releasing.promote(deployment, find, start, source, undo=undo)


@commands.command("down")
def aws_down(verbose: Verbose = False, lock_timeout: LockTimeout = "") -> None:
    """Destroy all stacks on AWS, with the images in the repository."""
    with _started(verbose, lock_timeout) as deployment:
        deployment.destroy()


@commands.command("bootstrap")
def aws_bootstrap(
    bucket: Annotated[str, typer.Option(help="Name of the bucket; default: the app's setting, else a new name.")] = "",
) -> None:
    """Create the S3 bucket for Terraform's state, or verify and repair its configuration."""
    project, steps = find(), Steps()
    owner = account(project)
    setting = project.state_bucket_setting
    bucket = bucket or state_bucket(project, owner)
    with steps.step(f"State bucket {bucket} in account {owner}"):
        created = bootstrap(owner, bucket)
    steps.say(f"  {'created' if created else 'it exists'}; private, encrypted, versioned, over TLS only")
    if project.state_bucket != bucket:
        steps.say(f'Next: "{setting}": "{bucket}" in cdktf.json, then {project.command("aws move-state")}')


@commands.command("policy")
def aws_policy(
    number: Annotated[
        str, typer.Option("--account", help="Number of the account; default: that of the credentials.")
    ] = "",
    bootstrap: Annotated[bool, typer.Option("--bootstrap", help="What `aws bootstrap` needs, instead.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Only what a plan needs.")] = False,
    promote: Annotated[
        bool, typer.Option("--promote", help="What `aws promote` needs in the stage that it promotes from, instead.")
    ] = False,
    oncall: Annotated[
        bool, typer.Option("--oncall", help="What logs, invoke, status, doctor and rollback need, instead.")
    ] = False,
    stage: Annotated[str, typer.Option(help="Name of the stage, also with wildcards: 'pr-*'.")] = "",
    function: Annotated[str, typer.Option(help="What the role of this function may do, instead.")] = "",
) -> None:
    """Print the smallest IAM policy for deployments of a stage."""
    project = find()
    if function:
        print(json.dumps(function_policy(synthesized(project).values(), function), indent=2))
        return
    if number and not re.fullmatch(r"\d{12}", number):
        raise HarnessError(f"--account {number}: an account has 12 digits")
    if bootstrap + promote + oncall + plan > 1:
        raise HarnessError("give one of --bootstrap, --plan, --promote and --oncall")
    owner = Account(number, project.region) if number else account(project)
    part: Part = "bootstrap" if bootstrap else "promote" if promote else "oncall" if oncall else "deploy"
    principal = Principal(owner, part, stage, plan)
    print(json.dumps(policy(project, principal), indent=2))


@commands.command("plan")
def aws_plan(
    file: Annotated[Path, typer.Argument(help="The file to write; it may contain secrets.")],
    verbose: Verbose = False,
    lock_timeout: LockTimeout = "",
) -> None:
    """Print what `aws up` would change, and write the plans to a file for `aws up --plan`."""
    with _started(verbose, lock_timeout) as deployment:
        print(deployment.plan(file.resolve()))
    deployment.steps.say(f"Next: {deployment.project.command('aws up')} with --plan {file}")


@commands.command("unlock")
def aws_unlock(yes: Yes = False, verbose: Verbose = False) -> None:
    """Remove the locks of Terraform's states that killed commands hold."""
    with _started(verbose) as deployment:
        deployment.unlock(yes=yes)


@commands.command("move-state")
def aws_move_state(
    before: Annotated[list[str], typer.Argument(help="Settings of the previous place: state_bucket=")],
    verbose: Verbose = False,
) -> None:
    """Move Terraform's state of all stacks to where the app's settings say."""
    with _started(verbose) as deployment:
        with deployment.steps.step("Terraform's state"):
            moved = move(deployment, deployment.project.variables(before))
        deployment.steps.say(f"  moved: {', '.join(moved) or 'none, since there is no state'}")
