"""Terraform's state in a folder of the harness's, whatever backend the app has, and no profile of a real account.

An app's backend holds the state of its real deployment, and a local deployment must never write there. Terraform takes
what differs from an override file beside the synthesized stack (Terraform, "Override Files"), which stays as it is.

Read by each start of Terraform (see `terraform`), so it imports next to nothing.
"""

from __future__ import annotations

import json
import os
from typing import Any

OVERRIDE = "cdktf_harness_override.tf.json"
SYNTHESIZED = "cdk.tf.json"
# How CDKTF calls the state that one stack reads of another (cdktf 0.21, cdktn 0.24).
_CROSS_STACK = "cross-stack-reference-input-"
# Arguments of the AWS provider that hold or name credentials: a real account's, or made up for another emulator.
_ACCOUNT = ("profile", "shared_config_files", "shared_credentials_files", "access_key", "secret_key", "token")


def replace(stack: str, states: str) -> bool:
    """Give the synthesized stack in the folder `stack` a state in the folder `states`.

    Tells whether it did: a folder that holds no synthesized stack is left alone.
    """
    document = _read(stack)
    if document is None:
        return False
    text = json.dumps(_override(document, os.path.abspath(stack), states), indent=1)
    path = os.path.join(stack, OVERRIDE)
    if not os.path.exists(path) or _text(path) != text:
        # Not a name that Terraform reads, until it is whole.
        with open(f"{path}.{os.getpid()}", "w") as file:
            file.write(text)
        os.replace(file.name, path)
    return True


def _override(document: dict[str, Any], stack: str, states: str) -> dict[str, Any]:
    """What is different: backend (it takes the place of a `cloud` block too), states of the app's other stacks."""
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
    if aws := [hidden for block in _blocks(document.get("provider", {}).get("aws", [])) if (hidden := _hidden(block))]:
        override["provider"] = {"aws": aws}
    return override


def _owner(label: str, values: dict[str, Any], above: str) -> str:
    """The stack of the same app whose state a `terraform_remote_state` reads; empty for another app's."""
    named = label.removeprefix(_CROSS_STACK)
    if named != label and os.path.exists(os.path.join(above, named, SYNTHESIZED)):
        return named
    config = values.get("config") or {}
    for name in sorted(os.listdir(above)):
        terraform = (_read(os.path.join(above, name)) or {}).get("terraform", {})
        for backend in [*terraform.get("backend", {}).values(), terraform.get("cloud")]:
            if backend and config and config.items() <= backend.items():
                return name
    return ""


def _hidden(block: dict[str, Any]) -> dict[str, Any]:
    """What takes a real account's credentials out of a configuration of the AWS provider; empty where it has none."""
    # An expression is from the app's own inputs, which are those of this deployment.
    arguments: dict[str, Any] = dict.fromkeys(
        (name for name in _ACCOUNT if "${" not in str(block.get(name, "${"))), None
    )
    if arguments and "alias" in block:
        arguments["alias"] = block["alias"]
    return arguments


def _blocks(blocks: Any) -> list[dict[str, Any]]:
    return blocks if isinstance(blocks, list) else [blocks]


def _read(stack: str) -> dict[str, Any] | None:
    """The synthesized stack; None where there is none, or none that Terraform could read.

    One in Terraform's own language is taken for empty: of that, the backend alone is different.
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
