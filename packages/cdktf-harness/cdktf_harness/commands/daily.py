"""The daily commands, the same for the embedded cloud and AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

import typer

from cdktf_harness.commands import output, releasing
from cdktf_harness.commands.options import Function, Json, Verbose
from cdktf_harness.commands.releasing import own_outputs, print_answer
from cdktf_harness.deployment.aws.errors import one_line_errors
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.operations import alarms, releases, secrets
from cdktf_harness.operations import invoke as invocations
from cdktf_harness.operations.doctor import diagnose
from cdktf_harness.operations.logs import events
from cdktf_harness.operations.status import status as ask
from cdktf_harness.system.errors import HarnessError

T = TypeVar("T")
Find: TypeAlias = Callable[[bool], Deployment]

# The exit code of `drift` if there is any; 1 is an error, 2 a wrong option.
DRIFTED = 3
_COVERED = "what Terraform's state has, the policies of its roles and functions, the methods of its REST APIs"


def add(commands: typer.Typer, find: Find) -> None:
    """Add the commands for the deployments that `find` returns, given whether to be verbose."""

    @commands.command()
    def get() -> None:
        """Print the deployed URL and its answer, or the outputs."""
        print_answer(find(False))

    @commands.command()
    def diff(verbose: Verbose = False) -> None:
        """Print what a deployment would change."""
        deployment = find(verbose)
        deployment.prepare()
        with deployment.owned():
            print(deployment.diff())

    @commands.command()
    def outputs(json_: Json = False) -> None:
        """Print the outputs of all stacks."""
        own = own_outputs(find(False))
        print(json.dumps(own, indent=2)) if json_ else output.outputs(own)

    @commands.command()
    def status(function: Function = "", json_: Json = False) -> None:
        """Print what runs: URL, health, digest, version, commit, age, alarms. Exit code 1 if it is not healthy."""
        deployment = find(False)
        with one_line_errors(deployment):
            found = ask(deployment, function)
        print(json.dumps(found.document(), indent=2)) if json_ else output.status(found)
        if not found.healthy:
            raise typer.Exit(1)

    @commands.command()
    def logs(
        follow: Annotated[bool, typer.Option("--follow", "-f", help="Wait for more, until Ctrl-C.")] = False,
        since: Annotated[str, typer.Option(help="How far back: 90s, 10m, 2h, 1d.")] = "10m",
        pattern: Annotated[str, typer.Option("--filter", help="A filter pattern of CloudWatch Logs.")] = "",
        request_id: Annotated[str, typer.Option(help="Only the lines of one request.")] = "",
        function: Function = "",
        json_: Json = False,
    ) -> None:
        """Print the functions' logs."""
        deployment = find(False)
        # Ctrl-C is how to end `--follow`.
        with one_line_errors(deployment), suppress(KeyboardInterrupt) if follow else nullcontext():
            options = {"pattern": pattern, "request_id": request_id, "function": function}
            for event in events(deployment, since=since, follow=follow, **options):
                print(json.dumps(event.document()), flush=True) if json_ else output.log_event(event)

    @commands.command()
    def invoke(
        event: Annotated[Path | None, typer.Argument(help="A JSON file; default: a GET of the URL.")] = None,
        function: Function = "",
        json_: Json = False,
    ) -> None:
        """Invoke the live version with an event and print its answer and its log. Exit code 1 for an error."""
        deployment = find(False)
        with one_line_errors(deployment):
            content = invocations.read_event(event) if event else invocations.sample(deployment.url())
            answers = {one.selected: invocations.invoke(one, content) for one in deployment.functions(function)}
        _print_each(answers, json_, lambda answer: answer.document(), output.invocation)
        if failed := {name or "the function": answer.failure for name, answer in answers.items() if answer.error}:
            raise HarnessError("; ".join(f"{name} failed: {failure}" for name, failure in failed.items()))

    @commands.command()
    def drift(verbose: Verbose = False, json_: Json = False) -> None:
        """Print what was changed behind Terraform's back. Exit code 3 if anything was, 1 for an error."""
        deployment = find(verbose)
        deployment.prepare()
        with deployment.owned(), one_line_errors(deployment):
            found = list(deployment.drift().values())
        if json_:
            print(json.dumps([_drift_document(entry) for entry in found], indent=2, default=repr))
        else:
            print("\n".join(map(str, found)) if found else f"no drift in {_COVERED}")
        if found:
            raise typer.Exit(DRIFTED)

    @commands.command("releases")
    def releases_(
        most: Annotated[int, typer.Option("--last", help="How many.", min=1)] = 20,
        function: Function = "",
        json_: Json = False,
    ) -> None:
        """Print the published versions: live or not, time, good, undone or gone, digest, commit."""
        deployment = find(False)
        with one_line_errors(deployment):
            found = {one.selected: releases.releases(one, most) for one in deployment.functions(function)}
        _print_each(found, json_, lambda entries: [entry.document() for entry in entries], output.releases)

    @commands.command()
    def rollback(
        to: Annotated[
            str, typer.Argument(help="Version or digest; default: the last good one before the live one.")
        ] = "",
        function: Function = "",
        verbose: Verbose = False,
    ) -> None:
        """Restore an earlier image without a build; the next deployment takes the source's image again."""
        deployment = find(verbose)
        deployment.prepare()
        with deployment.owned(), one_line_errors(deployment):
            releasing.go_back(deployment, to, function)
        if deployment.project.url:
            print_answer(deployment)
        up = deployment.project.command(deployment.brought_up_by)
        deployment.steps.say(f"Next: {up} deploys the source again")

    @commands.command(context_settings={"allow_extra_args": True})
    def secret(context: typer.Context, name: Annotated[str, typer.Argument(help="Its name in AWS.")]) -> None:
        """Set a secret or parameter: typed without echo, or from standard input. No plan and no state has its value."""
        if context.args:
            # Typer's error would print it.
            raise HarnessError("the value is no argument, which others can see: type it, or pass it on standard input")
        deployment = find(False)
        deployment.prepare()
        with deployment.owned(), one_line_errors(deployment):
            found = secrets.find_secret(deployment, name)
        value = secrets.ask(found.name, found.most)
        with one_line_errors(deployment):
            secrets.set_value(deployment, found, value)
        print(f"{name} has a new value")

    @commands.command()
    def subscribe(
        remove: Annotated[bool, typer.Option("--remove", help="Remove all HTTPS endpoints instead.")] = False,
    ) -> None:
        """Send alarms to an HTTPS endpoint, such as PagerDuty's; its URL is typed without echo, or standard input."""
        deployment = find(False)
        with one_line_errors(deployment):
            topics = alarms.topics(deployment)
            if remove:
                print(f"{alarms.unsubscribe(deployment, topics)} removed")
                return
            alarms.subscribe(deployment, topics, secrets.ask("the URL", alarms.MOST_BYTES))
        print("subscribed: alarms arrive when the endpoint has confirmed it")

    @commands.command()
    def doctor(json_: Json = False) -> None:
        """Check what a deployment needs and print a fix for each failure. Exit code 1 if one prevents a deployment."""
        found = []
        for diagnosis in diagnose(find(False)):
            found.append(diagnosis)
            if not json_:
                output.diagnosis(diagnosis)
        if json_:
            print(json.dumps([asdict(diagnosis) for diagnosis in found], indent=2))
        if any(diagnosis.fatal for diagnosis in found):
            raise typer.Exit(1)


def _print_each(found: dict[str, T], json_: bool, document: Callable[[T], Any], show: Callable[[T], None]) -> None:
    """Print what is found for each function by name, or for the only one."""
    if json_:
        documents = {name: document(one) for name, one in found.items()}
        print(json.dumps(documents.get("", documents), indent=2))
    for name, one in found.items() if not json_ else ():
        output.heading(name)
        show(one)


def _drift_document(entry: Any) -> dict[str, Any]:
    attributes = {name: {"state": was, "real": now} for name, (was, now) in entry.attributes.items()}
    deleted = not entry.attributes
    return {"path": entry.path, "address": entry.address, "deleted": deleted, "attributes": attributes}
