"""Run the command line of CDKTF or of its fork CDK Terrain, and read its output."""

from __future__ import annotations

import json
import os
import re
import shutil
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf_harness.project.errors import CommandFailed, HarnessError
from cdktf_harness.project.kind import kind
from cdktf_harness.project.processes import Process
from cdktf_harness.project.programs import run
from cdktf_harness.synthesis.failure import app_failed
from cdktf_harness.synthesis.manifest import NO_SYNTHESIS
from cdktf_harness.terraform.explained import explained, terraform_errors
from cdktf_harness.terraform.ways_out import NO_VALUE, set_variables

if TYPE_CHECKING:
    from cdktf_harness.synthesis.stacks import Stack

_LATE = Path(__file__).with_name("command_line.cjs")
# Lines that are printed again and again while it waits.
_STATUS = re.compile(r"^\s*(\d+ Stacks? \w+\s*)+$|^\s*[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]")
# The message for a failure of the app itself (cdktf-cli 0.21, cdktn-cli 0.24).
_APP_FAILED = "encountered an error while synthesizing"
_APP_CODE = re.compile(r"non-zero exit code (\d+)")
_NOT_TAKEN_APART = "\nException ignored in: "
_APP_OUTPUT = re.compile(r"^Command output on std(?:err|out):$", re.MULTILINE)
_SYNTHESIS = "Synthesizing"
# cdktf-cli 0.21 has no binaries of it for Node 23 and later.
_NO_TERMINAL = "pty.node"
_NO_SUCH_STACK = re.compile(r"Could not find stack for pattern '(.+?)'")
# Its message in place of Terraform's, where it only plans.
_NO_VALUE = re.compile(r"Missing variable: '([\w-]+)'")
# The first and last lines of Terraform's plan; its initialisation and refresh are around them.
_PLAN_BEGINS = re.compile(r"No changes\.|Terraform used the selected providers|Changes to Outputs:")
_PLAN_ENDS = "Saved the plan to:"
_APPLIED = re.compile(r"Resources: (\d+) added, (\d+) changed, (\d+) destroyed")


def program(project: Path, path: str) -> str:
    """Return the command line that the app in the folder `project` depends on. Raises HarnessError if there is none.

    The one in the app's node_modules has priority over those on `path`.
    """
    command = kind(project)
    if found := shutil.which(command, path=os.pathsep.join([str(project / "node_modules" / ".bin"), path])):
        return found
    raise HarnessError(f"{command} is not installed: run `npm install` in {project}, or put it on the PATH")


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
    """Run `cdktf`, or `cdktn` if the app depends on it, in the folder `project`; return what it printed.

    Raises CommandFailed with the errors of the app or of Terraform:
    `stacks` have the source lines of the resources that they name; `synthesized` says whether the app synthesized,
    which the command line does not.
    """
    command = kind(project)
    try:
        return run(
            [program(project, env.get("PATH", "")), *arguments],
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
        if names := _NO_VALUE.findall(failure.output):
            text = f"{command} {arguments[0]}: {NO_VALUE}{set_variables(names)}"
            raise CommandFailed(text, output=failure.output) from None
        if not terraform_errors(failure.output):
            raise
        raise explained(failure, f"{command} {arguments[0]}", stacks(), env) from None


def started_fast(env: Mapping[str, str]) -> dict[str, str]:
    """Return `env` with a hook that halves the start of the command line, unless it has CDKTF_FAST_SYNTH=0."""
    # Node splits NODE_OPTIONS at spaces that are not inside double quotes, where a backslash escapes.
    hook = f"--require {json.dumps(str(_LATE), ensure_ascii=False)}"
    options = [env.get("NODE_OPTIONS", ""), "" if env.get("CDKTF_FAST_SYNTH") == "0" else hook]
    return {**env, "NODE_OPTIONS": " ".join(filter(None, options))}


def planned(output: str, stack: str) -> str:
    """Return Terraform's plan of `stack` from the output of `diff`, or all of the output if there is none."""
    # The stack's name stands before each piece that Terraform printed, and blanks before the piece's other lines.
    margin = re.compile(rf"^(?:{re.escape(stack)}|{' ' * len(stack)})  ")
    lines = [margin.sub("", line) for line in output.splitlines() if not _STATUS.match(line) and line.strip(" ─")]
    begins = next((number for number, line in enumerate(lines) if _PLAN_BEGINS.match(line)), 0)
    ends = next((number for number, line in enumerate(lines) if line.startswith(_PLAN_ENDS)), len(lines))
    return "\n".join(lines[begins:ends])


def changes(output: str) -> str:
    """Return a summary of what a deployment did to the resources of all stacks."""
    counts = [tuple(map(int, match.groups())) for match in _APPLIED.finditer(output)]
    added, changed, destroyed = (sum(column) for column in zip((0, 0, 0), *counts, strict=True))
    if not added + changed + destroyed:
        return "no changes"
    return f"{added} added, {changed} changed, {destroyed} destroyed"


def check_ended_well(output: str, stacks: Iterable[str], command: str) -> None:
    """Raise CommandFailed unless the output of `deploy` or `destroy` says for each stack that it is complete.

    The command line takes a killed Terraform for a successful one (cdktf-cli 0.21: its terminal reports exit code 0
    for a death by signal).
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
    """Return the error of the app: its last line says what is wrong, the lines before it where."""
    code = _APP_CODE.search(output)
    ended = f"exit code {code[1]}" if code and code[1] != "1" else ""
    # The standard error if there is any, else the standard output.
    error = _APP_OUTPUT.split(output, maxsplit=2)[1:2]
    lines = textwrap.dedent("\n".join(line for line in "".join(error).splitlines() if not _STATUS.match(line))).strip()
    # Python may print further exceptions after it.
    return app_failed(lines.partition(_NOT_TAKEN_APART)[0], output=output, ended=ended)
