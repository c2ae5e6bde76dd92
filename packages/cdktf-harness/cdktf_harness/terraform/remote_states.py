"""Find the states that a stack reads by `terraform_remote_state`, and refuse those that may be of a real deployment.

A state of another stack of the app, in the words of its backend, is replaced by that stack's local one (see `backend`).
Any other may be that of the app's real deployment: it is refused unless the variable REMOTE_STATES has its address.

Each start of Terraform imports this (see `program`), so it imports few modules.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from cdktf_harness.project.variables import REMOTE_STATES

OVERRIDE = "cdktf_harness_override.tf.json"
SYNTHESIZED = "cdk.tf.json"
# A stack in Terraform's own language.
_SYNTHESIZED_HCL = "cdk.tf"
# The prefix of CDKTF's names for another stack's state (cdktf 0.21, cdktn 0.24).
_CROSS_STACK = "cross-stack-reference-input-"
_TYPE = "terraform_remote_state"
# Commands that read data sources.
_READ = {"apply", "console", "destroy", "import", "plan", "refresh", "test"}
_COMMENT = r"/\*(?:(?!\*/)[\s\S])*\*/"
_BETWEEN = rf"(?:\s|{_COMMENT})*"
_BLOCK = rf'^(?:[ \t]|{_COMMENT})*data{_BETWEEN}"?{_TYPE}"?{_BETWEEN}"?([\w-]+)'
_REFUSED = """
Error: {address}{where} may read the state of this app's real deployment: pass its outputs as inputs or, if it is \
another app's, list the address in `remote_states` of [tool.cdktf-harness]

It is in {place}.
"""


class RemoteState(NamedTuple):
    """A `terraform_remote_state`: the module that has it (empty: the stack), its arguments, and file and line.

    The arguments are empty if they are in Terraform's own language, where they may depend on the module's inputs.
    """

    module: str
    label: str
    values: dict[str, Any]
    place: str

    @property
    def address(self) -> str:
        """Terraform's address."""
        return "".join(f"module.{name}." for name in self.module.split(".") if name) + f"data.{_TYPE}.{self.label}"


def refused(stack: str, command: str) -> bool:
    """Whether `command` would read such a state in the folder `stack`; if so, print an error as Terraform does."""
    allowed = os.environ.get(REMOTE_STATES, "").split()
    for state in (*of_stack(stack), *_of_modules(stack)) if command in _READ else ():
        if state.address not in allowed and (state.module or not owner(state, stack)):
            called = (document(stack) or {}).get("module", {}).get(state.module.partition(".")[0], {})
            path = called.get("//", {}).get("metadata", {}).get("path", "")
            # The harness adds construct path, file and line of what is in the stack itself.
            where = f" ({path + ', ' if path else ''}{state.place})" if state.module else ""
            print(_REFUSED.format(address=state.address, where=where, place=state.place), end="", file=sys.stderr)
            return True
    return False


def owner(state: RemoteState, stack: str) -> str:
    """Return the name of the stack of the app whose state this is; empty if it is another one's, or unknown.

    It is one whose backend has all the arguments that the data source has.
    """
    above = os.path.dirname(os.path.abspath(stack))
    named = state.label.removeprefix(_CROSS_STACK)
    if named != state.label and document(os.path.join(above, named)) is not None:
        return named
    config = state.values.get("config")
    read = _given(config) if isinstance(config, dict) else {}
    if not read or state.values.get("workspace") not in (None, "", "default"):
        return ""
    for name in sorted(os.listdir(above)):
        terraform = (document(os.path.join(above, name)) or {}).get("terraform", {})
        backends = {**terraform.get("backend", {}), **({"remote": terraform["cloud"]} if "cloud" in terraform else {})}
        if (backend := backends.get(state.values.get("backend"))) and read.items() <= _given(
            blocks(backend)[0]
        ).items():
            return name
    return ""


def of_stack(stack: str) -> Iterator[RemoteState]:
    """Yield the states that the files of a stack read, without those of its modules."""
    return _in_folder("", os.path.abspath(stack))


def _of_modules(stack: str) -> Iterator[RemoteState]:
    """Yield the states that the modules of an initialised stack read."""
    try:
        with open(
            os.path.join(stack, os.environ.get("TF_DATA_DIR") or ".terraform", "modules", "modules.json")
        ) as file:
            modules = json.load(file)["Modules"]
    except FileNotFoundError:
        return
    for module in modules:
        if module["Key"]:
            yield from _in_folder(module["Key"], os.path.abspath(os.path.join(stack, module["Dir"])))


def _in_folder(module: str, folder: str) -> Iterator[RemoteState]:
    for name in sorted(os.listdir(folder)):
        if name.endswith((".tf", ".tofu", ".tf.json", ".tofu.json")) and name != OVERRIDE:
            with open(path := os.path.join(folder, name)) as file:
                text = file.read()
            # A name may be escaped.
            for label, values, line in _states(text) if _TYPE in text or "\\u" in text.lower() else ():
                yield RemoteState(module, label, values, f"{path}{line}")


def _states(text: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    try:
        content = json.loads(text)
    except ValueError:
        # Late: most starts read no such file.
        import re

        text = re.sub(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})", lambda code: chr(int(code[1] or code[2], 16)), text)
        for found in re.finditer(_BLOCK, text, re.MULTILINE):
            yield found[1], {}, f":{text.count(chr(10), 0, found.start(1)) + 1}"
        return
    for part in blocks(content):
        yield from ((label, block, "") for label, block in _data(part))
        # Without its arguments: no override replaces the data source of a check.
        for named in blocks(part.get("check", [])):
            for check in (check for checks in named.values() for check in blocks(checks)):
                yield from ((label, {}, "") for label, _ in _data(check))


def _data(part: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for named in (named for data in blocks(part.get("data", [])) for named in blocks(data.get(_TYPE, []))):
        yield from ((label, block) for label, values in named.items() for block in blocks(values))


def _given(config: dict[str, Any]) -> dict[str, str]:
    """Return the arguments that are set, each as JSON."""
    return {name: json.dumps(value, sort_keys=True) for name, value in config.items() if value not in (None, "")}


def blocks(given: Any) -> list[dict[str, Any]]:
    """Return the blocks of a kind, which Terraform's JSON has in a list or, of one, without."""
    return given if isinstance(given, list) else [given]


def document(stack: str) -> dict[str, Any] | None:
    """Return the synthesized stack; None if there is none, or none that Terraform could read.

    A stack in Terraform's own language counts as empty.
    """
    if os.path.exists(os.path.join(stack, _SYNTHESIZED_HCL)):
        return {}
    try:
        with open(os.path.join(stack, SYNTHESIZED)) as file:
            content = json.load(file)
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None
