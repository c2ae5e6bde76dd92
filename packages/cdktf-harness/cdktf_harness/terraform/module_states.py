"""Refuse to read, by a module's `terraform_remote_state`, what may be the state of the app's own real deployment.

`backend` redirects those of the synthesized stacks. A module is in Terraform's language, and what it reads may depend
on its inputs, so whose state that is cannot be seen: it may be the app's if the app has a backend of the same type.

Each start of Terraform imports this (see `program`), so it imports few modules.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator

from cdktf_harness.project.variables import REMOTE_STATES
from cdktf_harness.terraform import backend

# Commands that read data sources.
_READ = {"apply", "destroy", "import", "plan", "refresh"}
_TYPE = "terraform_remote_state"
_BLOCK = rf'^\s*data\s+"?{_TYPE}"?\s+"?([\w-]+)"?\s*{{(.*?)(?:^}}|\Z)'
_REFUSED = """\
╷
│ Error: {address} may read the state of this app's real deployment: pass its outputs to the module as inputs or, \
if it is another app's, name it in `remote_states` of [tool.cdktf-harness]
│
│ It is in {path}.
╵
"""


def refused(stack: str, command: str) -> bool:
    """Whether `command` would read such a state in the initialised folder `stack`; say so, as Terraform does.

    The variable REMOTE_STATES has the addresses that may be read.
    """
    allowed = os.environ.get(REMOTE_STATES, "").split()
    for address, type_, path in _read_by_modules(stack) if command in _READ else ():
        if address not in allowed and type_ in ("", *backend.types(stack)):
            print(_REFUSED.format(address=address, path=path), end="", file=sys.stderr)
            return True
    return False


def _read_by_modules(stack: str) -> Iterator[tuple[str, str, str]]:
    """Yield the address, the type of the backend (empty if it is not a plain text) and the file of each state."""
    try:
        with open(os.path.join(stack, ".terraform", "modules", "modules.json")) as file:
            modules = json.load(file)["Modules"]
    except FileNotFoundError:
        return
    for module in modules:
        folder = os.path.normpath(os.path.join(stack, module["Dir"]))
        for name in sorted(os.listdir(folder)) if module["Key"] else ():
            if name.endswith((".tf", ".tofu", ".tf.json", ".tofu.json")):
                with open(path := os.path.join(folder, name)) as file:
                    text = file.read()
                for label, type_ in _states(text) if _TYPE in text else ():
                    yield f"module.{module['Key'].replace('.', '.module.')}.data.{_TYPE}.{label}", type_, path


def _states(text: str) -> Iterator[tuple[str, str]]:
    # Late: most starts read no such file.
    import re

    try:
        document = json.loads(text)
    except ValueError:
        for label, block in re.findall(_BLOCK, text, re.MULTILINE | re.DOTALL):
            found = re.search(r'^\s*backend\s*=\s*"(\w+)"', block, re.MULTILINE)
            yield label, found[1] if found else ""
        return
    for data in backend.blocks(document.get("data", [])):
        for named in backend.blocks(data.get(_TYPE, [])):
            for label, values in named.items():
                for block in backend.blocks(values):
                    yield label, str(block.get("backend"))
