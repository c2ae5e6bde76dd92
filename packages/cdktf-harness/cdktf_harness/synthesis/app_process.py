"""Run a CDKTF app as CDKTF's command line does (cdktf-cli 0.21, `SynthStack.synth`)."""

from __future__ import annotations

import ast
import json
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from cdktf_harness.project import config_files
from cdktf_harness.synthesis import manifest, sources
from cdktf_harness.synthesis.failure import app_failed
from cdktf_harness.synthesis.stacks import Synthesis, read_synthesis
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.system.programs import run

# What only a shell understands: operators, expansions, and a variable before the program.
_SHELL = re.compile(r"[|&;<>()$`*?#~\n]|^\s*\w+=")
_ALSO_FAILED = "\nException ignored in: "


def synthesize(
    root: Path,
    out: Path,
    env: Mapping[str, str],
    notes: Path,
    *,
    variables: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] = lambda line: None,
) -> Synthesis:
    """Run the app in the folder `root` and return the stacks that it writes to the folder `out`.

    `variables` override those of `env` and the context of cdktf.json; `notes` is the file for the source lines of its
    constructs. Raises CommandFailed with the last line of its output.
    """
    content = config_files.app(root)
    out.mkdir(parents=True, exist_ok=True)
    manifest.forget(out)
    own = {**environment(content, sources.noted(env, notes), out), **(variables or {})}
    try:
        output = run(command(content), cwd=root, env=own, on_line=on_line)
    except CommandFailed as failure:
        printed = failure.tail.partition(_ALSO_FAILED)[0]
        raise app_failed(printed, output=failure.output, ended=failure.ended) from None
    if not manifest.is_there(out):
        raise CommandFailed(f"the app does not synthesize: {manifest.NO_SYNTHESIS}", tail=output)
    if errors := manifest.annotated(out, "error"):
        raise CommandFailed(f"the app does not synthesize: {errors[0]}", tail="\n".join(errors[1:]), output=output)
    return read_synthesis(out, root, sources.read(notes, root))


def check_imports(root: Path) -> None:
    """Raise HarnessError if the app's Python program imports a package that is not installed in this environment."""
    match command(config_files.app(root)):
        case ["python" | "python3", program, *_] if (root / program).is_file():
            with suppress(SyntaxError):
                for name in _imported(ast.parse((root / program).read_bytes())):
                    if name not in sys.builtin_module_names and not PathFinder.find_spec(name, [str(root), *sys.path]):
                        what = "missing: run `cdktf get`" if name == "imports" else "not installed here: pip install it"
                        raise HarnessError(f"{program} imports {name}, which is {what}")


def _imported(module: ast.Module) -> Iterator[str]:
    for statement in module.body:
        match statement:
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(name), level=0):
                yield name.partition(".")[0]


def command(content: Mapping[str, Any]) -> list[str]:
    """Return the program of an app and its arguments; `content` is its cdktf.json."""
    text = str(content["app"])
    return ["sh", "-c", text] if _SHELL.search(text) else shlex.split(text)


def environment(content: Mapping[str, Any], env: Mapping[str, str], out: Path) -> dict[str, str]:
    """Return the variables of an app that writes to `out`: `env` without Terraform's variables, and the context."""
    kept = {name: value for name, value in env.items() if not name.startswith("TF_VAR_")}
    return {**kept, **context(content), "CDKTF_OUTDIR": str(out)}


def context(content: Mapping[str, Any], settings: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return the variable with the context of an app and `settings` over it.

    It also has the modules in folders of the app: an app that uses one needs them.
    """
    modules = [module for module in content.get("terraformModules") or () if _source(module).startswith(("./", "../"))]
    values = {**(content.get("context") or {}), **(settings or {}), "cdktfRelativeModules": modules}
    return {"CDKTF_CONTEXT_JSON": json.dumps(values)}


def _source(module: Any) -> str:
    return str(module.get("source") if isinstance(module, dict) else module)
