"""Find the states that a stack reads by `terraform_remote_state`, and refuse those that may be of a real deployment.

A state of another stack of the app is replaced by that stack's local one (see `backend`). Any other may be that of the
app's real deployment, spelled differently: it is refused unless the variable REMOTE_STATES has its address.

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
# The arguments that identify a state, with their defaults, by the type of its backend (Terraform 1.15). All others are
# credentials, or say how it is accessed.
_IDENTITY: dict[str, dict[str, str]] = {
    "azurerm": {"storage_account_name": "", "container_name": "", "key": "", "environment": "public"},
    "consul": {"address": "", "datacenter": "", "path": ""},
    "cos": {"bucket": "", "region": "", "prefix": "", "key": "terraform.tfstate"},
    "gcs": {"bucket": "", "prefix": ""},
    "http": {"address": ""},
    "kubernetes": {"host": "", "config_context": "", "namespace": "default", "secret_suffix": ""},
    "local": {"path": "terraform.tfstate"},
    "oci": {"namespace": "", "region": "", "bucket": "", "key": "terraform.tfstate"},
    "oss": {"bucket": "", "region": "", "prefix": "env:", "key": "terraform.tfstate"},
    "pg": {"conn_str": "", "schema_name": "terraform_remote_state"},
    "remote": {"hostname": "app.terraform.io", "organization": "", "name": "", "prefix": ""},
    "s3": {"bucket": "", "key": "", "endpoint": ""},
}
_PORTS = {"http": 80, "https": 443}
_LOOPBACK = {"127.0.0.1", "::1"}
_COMMENT = r"/\*(?:(?!\*/)[\s\S])*\*/"
_BETWEEN = rf"(?:\s|{_COMMENT})*"
_BLOCK = rf'^(?:[ \t]|{_COMMENT})*data{_BETWEEN}"?{_TYPE}"?{_BETWEEN}"?([\w-]+)'
_REFUSED = """\
╷
│ Error: {address}{where} may read the state of this app's real deployment: pass its outputs as inputs or, if it is \
another app's, list the address in `remote_states` of [tool.cdktf-harness]
│
│ It is in {place}.
╵
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

    @property
    def workspace(self) -> Any:
        """The workspace whose state it is, if it names one."""
        return self.values.get("workspace")


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
    """Return the name of the stack of the app whose state this is; empty if it is another one's, or unknown."""
    above = os.path.dirname(os.path.abspath(stack))
    named = state.label.removeprefix(_CROSS_STACK)
    if named != state.label and document(os.path.join(above, named)) is not None:
        return named
    read = _identity(state.values.get("backend"), state.values.get("config"), stack, state.workspace)
    return next((name for name, identity in _backends(above) if read and read == identity), "")


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


def _backends(above: str) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    """Yield name and state of each stack of an app, whose stacks are in the folder `above`."""
    for name in sorted(os.listdir(above)):
        if (content := document(stack := os.path.join(above, name))) is not None:
            terraform = content.get("terraform", {})
            cloud = {"remote": terraform["cloud"]} if terraform.get("cloud") is not None else {}
            # In Terraform's own language, it is unknown.
            given: dict[str, Any] = {} if os.path.exists(os.path.join(stack, _SYNTHESIZED_HCL)) else {"local": {}}
            for type_, config in (terraform.get("backend") or cloud or given).items():
                yield name, _identity(type_, blocks(config)[0], stack)


def _identity(type_: Any, config: Any, folder: str, workspace: Any = None) -> tuple[str, ...] | None:
    """Return what identifies a state that Terraform finds from `folder`; None if that depends on expressions."""
    if config is None:
        config = {}
    if not isinstance(type_, str) or not isinstance(config, dict):
        return None
    workspace = workspace or "default"
    config = {name: value for name, value in config.items() if value not in (None, "")}
    if type_ == "s3":
        config.setdefault("endpoint", next(iter(blocks(config.get("endpoints", {}))), {}).get("s3"))
    elif type_ == "remote":
        config |= blocks(config.get("workspaces", {}))[0]
        if workspace != "default" and config.get("prefix"):
            config |= {"name": f"{config.pop('prefix')}{workspace}"}
            workspace = "default"
    wanted = _IDENTITY.get(type_, dict.fromkeys(config, ""))
    found = {name: _scalar(config.get(name) or default) for name, default in wanted.items()}
    texts = (type_, _scalar(workspace), *(f"{name}={value}" for name, value in sorted(found.items()) if value))
    if len(texts) == 2 or any("${" in text or "%{" in text for text in texts):
        return None
    if type_ == "local":
        return (*texts[:2], os.path.realpath(os.path.join(folder, found["path"])))
    if type_ == "http":
        return (*texts[:2], _address(found["address"]))
    if type_ == "s3":
        endpoint = _address(found["endpoint"])
        # A bucket has the same name at each of AWS's endpoints.
        return (*texts[:2], found["bucket"], found["key"], "" if ".amazonaws.com" in endpoint else endpoint)
    return texts


def _scalar(value: Any) -> str:
    """Return a value as Terraform converts it to a string; of a block or list, its JSON."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _address(text: str) -> str:
    # Late: it takes some milliseconds.
    import posixpath
    from urllib.parse import urlsplit

    try:
        url = urlsplit(text)
        host, port = url.hostname or "", url.port or _PORTS.get(url.scheme)
    except ValueError:
        return text
    host = "localhost" if host in _LOOPBACK else host
    return f"{url.scheme}://{host}:{port}{posixpath.normpath(url.path or '/')}?{url.query}" if host else text


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
