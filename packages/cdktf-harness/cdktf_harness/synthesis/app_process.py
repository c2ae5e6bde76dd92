"""Run a CDKTF app as CDKTF's command line does (cdktf-cli 0.21, `SynthStack.synth`)."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from cdktf_harness.project import config_files
from cdktf_harness.synthesis import manifest, sources
from cdktf_harness.synthesis.stacks import Synthesis, read_synthesis
from cdktf_harness.system.errors import CommandFailed
from cdktf_harness.system.programs import TAIL_LINES, run

# What would run the app in another environment than that of the harness, which has the same packages: a tool with its
# options, or another Python.
_RUNNER = re.compile(
    r"(?<!\S)(?:pipenv|poetry|pdm|hatch|uv|rye)\s+run\s+(?:(?:-p|--python|--with|--group|--extra)\s+\S+\s+|-\S+\s+)*(\S+)"
)
_PYTHON = re.compile(r"(?<!\S)(?:\S*/)?python[\d.]*(?=\s)")
# Shell syntax: operators, expansions, and a variable before the program.
_SHELL = re.compile(r"[|&;<>()$`*?#~\n]|^\s*\w+=")

# An exception with a module has any name; Python's own have one of these endings.
_EXCEPTION = re.compile(
    r"(?:[A-Za-z_]\w*\.)+[A-Z]\w*(?:: |$)|[A-Z]\w*(?:Error|Exception|Group|Interrupt|Iteration)(?:: |$)"
)
_FRAME = re.compile(r'\s*File "(.+)", line (\d+)')
# The same error in JavaScript, with its stack, before the traceback of an error of jsii.
_IN_JAVASCRIPT = re.compile(r"^jsii\.errors\.JavaScriptError:.*?^The above exception was [^\n]*\n", re.M | re.S)
# A line of jsii's tree of reasons why it rejects a value.
_REASON = re.compile(r"([\s│]*)[├╰]─ (.+)")
_ALSO_FAILED = "\nException ignored in "
_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '(\w+)")
# The folders of packages, and the file of the harness that a constructor calls.
_OF_OTHERS = {"site-packages", "cdktf_harness_sources.py"}
_TRACEBACK = "Traceback (most recent call last):"
# A path from the folder of a stack to the folder of cdktf.json, where CDKTF's command line synthesizes to `cdktf.out`.
_FROM_STACK = re.compile(r"(?:(?<=\")|(?<=\"\$\{path\.module\}/))(?:\.\./){3}(?!\.\.)")


def synthesize(
    root: Path,
    out: Path,
    env: Mapping[str, str],
    notes: Path,
    *,
    variables: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] = lambda line: None,
    placed: bool = True,
) -> Synthesis:
    """Run the app in the folder `root` and return the stacks that it writes to the folder `out`.

    `variables` override those of `env` and the context of cdktf.json; `notes` is the file for the source lines of its
    constructs. Unless `placed` is false, paths that lead from a stack to `root` do so from `out`. Raises CommandFailed
    with the last line of its output.
    """
    content = config_files.app(root)
    out.mkdir(parents=True, exist_ok=True)
    manifest.forget(out)
    own = {**environment(content, sources.noted(env, notes), out), **(variables or {})}
    try:
        output = run(command(content), cwd=root, env=own, on_line=on_line)
    except CommandFailed as failure:
        raise app_failed(root, failure.output, failure.ended) from None
    if not manifest.is_there(out):
        raise CommandFailed(f"the app does not synthesize: {manifest.NO_SYNTHESIS}", tail=output)
    if errors := manifest.annotated(out, "error"):
        raise CommandFailed(f"the app does not synthesize: {errors[0]}", tail="\n".join(errors[1:]), output=output)
    if placed:
        place_paths(root, out)
    return read_synthesis(out, root, sources.read(notes, root))


def place_paths(root: Path, out: Path) -> None:
    """Replace paths such as ../../../function.zip, which are relative to a stack of `root`/cdktf.out."""
    for stack in out.glob("stacks/*/cdk.tf.json"):
        text, to = stack.read_text(), os.path.relpath(root.resolve(), stack.parent.resolve())
        if _FROM_STACK.search(text):
            stack.write_text(_FROM_STACK.sub(f"{to}/", text))


def command(content: Mapping[str, Any]) -> list[str]:
    """Return the program of an app and its arguments, for the environment of the harness; `content` is its cdktf.json.

    Tools such as pipenv would take or create another environment, in a copy of the app always.
    """
    text = _PYTHON.sub(lambda _: shlex.quote(sys.executable), _RUNNER.sub(_program, str(content["app"])))
    return ["sh", "-c", text] if _SHELL.search(text) else shlex.split(text)


def _program(run: re.Match[str]) -> str:
    """Return the program of a tool's command; uv runs a file with Python."""
    return f"python {run[1]}" if run[1].endswith(".py") and not run[1].startswith(".") else run[1]


def environment(content: Mapping[str, Any], env: Mapping[str, str], out: Path) -> dict[str, str]:
    """Return the variables of an app that writes to `out`: `env` without Terraform's variables, and the context.

    Create an empty folder for its temporary files beside `out`, and remove those of killed processes.
    """
    temporary = out.with_name(f"{out.name}.tmp") / str(os.getpid())
    for old in temporary.parent.glob("*"):
        if old == temporary or not psutil.pid_exists(int(old.name)):
            shutil.rmtree(old, ignore_errors=True)
    temporary.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary.mkdir(mode=0o700)
    kept = {name: value for name, value in env.items() if not name.startswith("TF_VAR_")}
    return {**kept, **context(content), "CDKTF_OUTDIR": str(out), "TMPDIR": str(temporary)}


def context(content: Mapping[str, Any], settings: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return the variable with the context of an app and `settings` over it.

    It also lists the modules in folders of the app, as CDKTF requires.
    """
    modules = [module for module in content.get("terraformModules") or () if _source(module).startswith(("./", "../"))]
    values = {**(content.get("context") or {}), **(settings or {}), "cdktfRelativeModules": modules}
    return {"CDKTF_CONTEXT_JSON": json.dumps(values)}


def _source(module: Any) -> str:
    return str(module.get("source") if isinstance(module, dict) else module)


def app_failed(root: Path, output: str, ended: str = "") -> CommandFailed:
    """Return the error of the app in `root` that printed `output`; `ended` describes an unusual end of its process.

    Its line is the last one, or the last one that names an exception, with the app's line that raised it. A traceback
    is in `output` only; other lines, such as those of a longer message, are the tail.
    """
    text = _IN_JAVASCRIPT.sub("", output.partition(_ALSO_FAILED)[0])
    lines = text.strip("\n").splitlines() or ["it printed nothing"]
    # The one of a syntax error has no heading.
    traceback = [number for number, line in enumerate(lines) if line == _TRACEBACK or _FRAME.match(line)]
    named = [number for number, line in enumerate(lines) if _EXCEPTION.match(line) and traceback[-1:] < [number]]
    last = named[-1] if traceback and named else len(lines) - 1
    reasons = [found for line in lines[last + 1 :] if (found := _REASON.match(line))]
    innermost = f": {max(reasons, key=lambda found: len(found[1]))[2]}" if reasons else ""
    what = f"{lines[last]}{innermost}{_place(lines, root)}" + (f" ({ended})" if ended else "")
    if lacks := _NO_MODULE.match(lines[last]):
        what += f", which is {_missing(lacks[1])}"
    others = [*lines[: min([last, *traceback])], *lines[last + 1 :]]
    return CommandFailed(f"the app does not synthesize: {what}", tail="\n".join(others[-TAIL_LINES:]), output=output)


def _place(lines: Sequence[str], root: Path) -> str:
    """Return the innermost line of a traceback that is of the app in `root`; empty if there is none."""
    frames = [(root / frame[1], frame[2]) for line in lines if (frame := _FRAME.match(line))]
    own = [frame for frame in frames if frame[0].is_relative_to(root) and not {*frame[0].parts} & _OF_OTHERS]
    return f" ({own[-1][0].relative_to(root)}, line {own[-1][1]})" if own else ""


def _missing(package: str) -> str:
    """Say what to do about a package that this environment lacks."""
    if package == "imports":
        return "missing: run `cdktf get`"
    return f"not installed here: pip install it into the environment of the harness, {sys.prefix}"
