"""The command line of CDKTF or of its fork CDK Terrain, and what of its output a person wants to read."""

from __future__ import annotations

import json
import os
import re
import shutil
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf_harness.project.errors import CommandFailed
from cdktf_harness.project.kind import kind
from cdktf_harness.project.processes import Process
from cdktf_harness.project.programs import run
from cdktf_harness.synthesis.manifest import NO_SYNTHESIS
from cdktf_harness.terraform.explained import explained, terraform_errors

if TYPE_CHECKING:
    from cdktf_harness.synthesis.stacks import Stack

_LATE = Path(__file__).with_name("command_line.cjs")
# Redrawn for every change of a stack's status, and while something is awaited.
_STATUS = re.compile(r"^\s*(\d+ Stacks? \w+\s*)+$|^\s*[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]")
# What the command line says when the app itself failed (cdktf-cli 0.21, cdktn-cli 0.24).
_APP_FAILED = "encountered an error while synthesizing"
_APP_CODE = re.compile(r"non-zero exit code (\d+)")
_NOT_TAKEN_APART = "\nException ignored in: "
_APP_OUTPUT = re.compile(r"^Command output on std(?:err|out):$", re.MULTILINE)
_SYNTHESIS = "Synthesizing"
# cdktf-cli 0.21 has binaries of it for no Node after 22.
_NO_TERMINAL = "pty.node"
_NO_SUCH_STACK = re.compile(r"Could not find stack for pattern '(.+?)'")
# What Terraform's plan begins and ends with; around it are its initialisation and what it read.
_PLAN_BEGINS = re.compile(r"No changes\.|Terraform used the selected providers|Changes to Outputs:")
_PLAN_ENDS = "Saved the plan to:"
_APPLIED = re.compile(r"Resources: (\d+) added, (\d+) changed, (\d+) destroyed")


def cdktf(
    *arguments: str,
    project: Path,
    env: Mapping[str, str],
    on_line: Callable[[str], None] = lambda line: None,
    say: Callable[[str], None] = lambda line: None,
    needs: Process | None = None,
    stacks: Callable[[], Iterable[Stack]] = tuple,
    synthesized: Callable[[], bool] = lambda: True,
) -> str:
    """Run `cdktf`, or `cdktn` for an app that depends on it, in the folder `project`; returns what it printed.

    That of the app's own node_modules goes before any other. Raises CommandFailed, which shows the app's or
    Terraform's own errors when there are any; `stacks` have where the app made what they name, `synthesized` tells
    whether the app did, which the command line does not say.
    """
    command = kind(project)
    path = os.pathsep.join([str(project / "node_modules" / ".bin"), env.get("PATH", "")])
    try:
        return run(
            [shutil.which(command, path=path) or command, *arguments],
            cwd=project,
            env=started_fast(env),
            on_line=lambda line: None if _STATUS.match(line) or not line else on_line(line),
            say=say,
            needs=needs,
        )
    except CommandFailed as failure:
        if _APP_FAILED in failure.output:
            raise _app_failed(failure.output) from None
        if _SYNTHESIS in failure.output and not synthesized():
            said = "\n".join(line for line in failure.output.splitlines() if line and not _STATUS.match(line))
            raise CommandFailed(
                f"the app does not synthesize: {NO_SYNTHESIS}", tail=said, output=failure.output
            ) from None
        if _NO_TERMINAL in failure.output:
            need = "package.json needs the override in the README of cdktf-harness, Start"
            text = f"{command} cannot load its terminal library: {need}"
            raise CommandFailed(text, tail=failure.tail, output=failure.output) from None
        if match := _NO_SUCH_STACK.search(failure.output):
            text = f"the app has no stack {match[1]!r}, which its [tool.cdktf-harness] names"
            raise CommandFailed(text, output=failure.output) from None
        if not terraform_errors(failure.output):
            raise
        raise explained(failure, f"{command} {arguments[0]}", stacks(), env) from None


def started_fast(env: Mapping[str, str]) -> dict[str, str]:
    """`env` with what makes the command line start in half the time, unless that says CDKTF_FAST_SYNTH=0."""
    # Node splits NODE_OPTIONS at spaces that are not inside double quotes, where a backslash escapes.
    hook = f"--require {json.dumps(str(_LATE), ensure_ascii=False)}"
    options = [env.get("NODE_OPTIONS", ""), "" if env.get("CDKTF_FAST_SYNTH") == "0" else hook]
    return {**env, "NODE_OPTIONS": " ".join(filter(None, options))}


def planned(output: str, stack: str) -> str:
    """Terraform's plan of `stack` out of the output of `diff`; all of that where there is no plan."""
    # The stack's name stands before each piece that Terraform printed, and blanks before the piece's other lines.
    margin = re.compile(rf"^(?:{re.escape(stack)}|{' ' * len(stack)})  ")
    lines = [margin.sub("", line) for line in output.splitlines() if not _STATUS.match(line) and line.strip(" ─")]
    begins = next((number for number, line in enumerate(lines) if _PLAN_BEGINS.match(line)), 0)
    ends = next((number for number, line in enumerate(lines) if line.startswith(_PLAN_ENDS)), len(lines))
    return "\n".join(lines[begins:ends])


def changes(output: str) -> str:
    """What a deployment did to the resources of all stacks, in words."""
    counts = [tuple(map(int, match.groups())) for match in _APPLIED.finditer(output)]
    added, changed, destroyed = (sum(column) for column in zip((0, 0, 0), *counts, strict=True))
    if not added + changed + destroyed:
        return "no changes"
    return f"{added} added, {changed} changed, {destroyed} destroyed"


def check_ended_well(output: str, stacks: Iterable[str], command: str) -> None:
    """Raise CommandFailed for a stack of which the output of `deploy` or `destroy` does not say that it was done.

    The command line takes a Terraform that was killed for one that succeeded (cdktf-cli 0.21: the terminal that it runs
    in tells exit code 0 for a death by signal).
    """
    done = {"deploy": "Apply complete!", "destroy": "Destroy complete!"}[command]
    left = {stack: re.compile(rf"{re.escape(stack)}(\s|$)") for stack in stacks}
    current = ""
    for line in output.splitlines():
        # A stack's name stands before each piece that Terraform printed, and blanks before the piece's other lines.
        current = next((stack for stack, starts in left.items() if starts.match(line)), current)
        if line.removeprefix(current).lstrip().startswith(done):
            left.pop(current, None)
    if left:
        raise CommandFailed(f"Terraform was killed while it worked on {', '.join(left)}: run it again", output=output)


def _app_failed(output: str) -> CommandFailed:
    """The failure of the app: its last line says what is wrong, the lines before it where."""
    code = _APP_CODE.search(output)
    ended = f"exit code {code[1]}" if code and code[1] != "1" else ""
    # What it printed on standard error, else on standard output.
    error = _APP_OUTPUT.split(output, maxsplit=2)[1:2]
    lines = textwrap.dedent("\n".join(line for line in "".join(error).splitlines() if not _STATUS.match(line))).strip()
    # Python goes on to say what it could not take apart then.
    *before, last = lines.partition(_NOT_TAKEN_APART)[0].rstrip().splitlines() or ["it printed nothing"]
    what = f"{last} ({ended})" if ended else last
    return CommandFailed(f"the app does not synthesize: {what}", tail="\n".join(before), output=output)
