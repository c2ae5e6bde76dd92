"""Replace an app's backend by a folder of the harness, and remove credentials of real accounts.

An app's backend holds the state of its real deployment, and a local deployment must never write there. The replacement
is an override file beside the synthesized stack (Terraform, "Override Files"), which is not changed.

Each start of Terraform imports this (see `program`), so it imports few modules.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from terraform_standins import files

OVERRIDE = "cdktf_harness_override.tf.json"
SYNTHESIZED = "cdk.tf.json"
# The prefix of CDKTF's names for another stack's state (cdktf 0.21, cdktn 0.24).
_CROSS_STACK = "cross-stack-reference-input-"
# Arguments of the AWS provider that contain or name credentials, of a real account or for another emulator.
_ACCOUNT = ("profile", "shared_config_files", "shared_credentials_files", "access_key", "secret_key", "token")


def replace(stack: str, states: str) -> bool:
    """Give the synthesized stack in the folder `stack` a state in the folder `states`.

    Return False and do nothing if there is no synthesized stack.
    """
    document = _read(stack)
    if document is None:
        return False
    text = json.dumps(_override(document, os.path.abspath(stack), states), indent=1)
    files.update(os.path.join(stack, OVERRIDE), text.encode())
    return True


def _override(document: dict[str, Any], stack: str, states: str) -> dict[str, Any]:
    """Return the override of the backend or `cloud` block, and of the states of the app's other stacks."""
    above, name = os.path.split(stack)

    def local(name: str) -> dict[str, str]:
        return {"path": os.path.join(states, f"terraform.{name}.tfstate")}

    remote = {}
    for label, values in document.get("data", {}).get("terraform_remote_state", {}).items():
        if owner := _owner(label, values, above):
            remote[label] = {"backend": "local", "config": local(owner)}
    override: dict[str, Any] = {"terraform": {"backend": {"local": local(name)}}}
    if remote:
        override["data"] = {"terraform_remote_state": remote}
    if aws := [hidden for block in blocks(document.get("provider", {}).get("aws", [])) if (hidden := _hidden(block))]:
        override["provider"] = {"aws": aws}
    return override


def _owner(label: str, values: dict[str, Any], above: str) -> str:
    """Return the stack of the same app whose state a `terraform_remote_state` reads; empty for another app's."""
    named = label.removeprefix(_CROSS_STACK)
    if named != label and os.path.exists(os.path.join(above, named, SYNTHESIZED)):
        return named
    config = values.get("config") or {}
    owners = (name for name, _, arguments in _backends(above) if config and config.items() <= arguments.items())
    return next(owners, "")


def types(stack: str) -> set[str]:
    """Return the types of the backends of the app that has the synthesized stack, as `terraform_remote_state` has."""
    found = {type_ for _, type_, _ in _backends(os.path.dirname(os.path.abspath(stack)))}
    return found | {"remote"} if "cloud" in found else found


def _backends(above: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield stack, type and arguments of each backend of an app, whose stacks are in the folder `above`."""
    for name in sorted(os.listdir(above)):
        terraform = (_read(os.path.join(above, name)) or {}).get("terraform", {})
        found = {**terraform.get("backend", {}), "cloud": terraform.get("cloud")}
        yield from ((name, type_, arguments) for type_, arguments in found.items() if arguments is not None)


def _hidden(block: dict[str, Any]) -> dict[str, Any]:
    """Return the override that removes credentials from a configuration of the AWS provider; empty if it has none."""
    # Expressions are kept: they refer to inputs, which are those of this deployment.
    arguments: dict[str, Any] = dict.fromkeys(
        (name for name in _ACCOUNT if "${" not in str(block.get(name, "${"))), None
    )
    if arguments and "alias" in block:
        arguments["alias"] = block["alias"]
    return arguments


def blocks(given: Any) -> list[dict[str, Any]]:
    """Return the blocks of a kind, which Terraform's JSON has in a list or, of one, without."""
    return given if isinstance(given, list) else [given]


def _read(stack: str) -> dict[str, Any] | None:
    """Return the synthesized stack; None if there is none, or none that Terraform could read.

    A stack in Terraform's own language counts as empty: only its backend is replaced.
    """
    if os.path.exists(os.path.join(stack, "cdk.tf")):
        return {}
    try:
        document = json.loads(_text(os.path.join(stack, SYNTHESIZED)))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None


def _text(path: str) -> str:
    with open(path) as file:
        return file.read()
