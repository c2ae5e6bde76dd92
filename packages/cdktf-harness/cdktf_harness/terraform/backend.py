"""Replace an app's backend by a folder of the harness, and remove credentials of real accounts.

An app's backend holds the state of its real deployment, and a local deployment must never write there. The replacement
is an override file beside the synthesized stack (Terraform, "Override Files"), which is not changed. With the bundled
providers, it also replaces the versions that the stack requires of them.

Each start of Terraform imports this (see `program`), so it imports few modules.
"""

from __future__ import annotations

import json
import os
from typing import Any

from cdktf_harness.terraform.provider_versions import replaced
from cdktf_harness.terraform.remote_states import OVERRIDE, blocks, document, of_stack, owner
from terraform_standins import files
from terraform_standins.variables import KEEP_PROVIDERS

# Arguments of the AWS provider that contain or name credentials, of a real account or for another emulator.
_ACCOUNT = ("profile", "shared_config_files", "shared_credentials_files", "access_key", "secret_key", "token")


def replace(stack: str, states: str) -> bool:
    """Give the synthesized stack in the folder `stack` a state in the folder `states`.

    Return False and do nothing if there is no synthesized stack.
    """
    synthesized = document(stack)
    if synthesized is None:
        return False
    text = json.dumps(_override(synthesized, os.path.abspath(stack), states), indent=1)
    files.update(os.path.join(stack, OVERRIDE), text.encode())
    return True


def state_file(states: str, stack: str) -> str:
    """Return the path of the state of a stack, by its name, in the folder `states`."""
    return os.path.join(states, f"terraform.{stack}.tfstate")


def _override(synthesized: dict[str, Any], stack: str, states: str) -> dict[str, Any]:
    """Return the override of the backend or `cloud` block, and of the states of the app's other stacks."""

    def local(name: str) -> dict[str, str]:
        return {"path": state_file(states, name)}

    remote = {
        state.label: {"backend": "local", "config": local(name)}
        for state in of_stack(stack)
        if (name := owner(state, stack))
    }
    override: dict[str, Any] = {"terraform": {"backend": {"local": local(os.path.basename(stack))}}}
    if os.environ.get(KEEP_PROVIDERS) and (versions := replaced(synthesized)):
        override["terraform"]["required_providers"] = versions
    if remote:
        override["data"] = {"terraform_remote_state": remote}
    providers = blocks(synthesized.get("provider", {}).get("aws", []))
    if aws := [hidden for block in providers if (hidden := _hidden(block))]:
        override["provider"] = {"aws": aws}
    return override


def _hidden(block: dict[str, Any]) -> dict[str, Any]:
    """Return the override that removes credentials and the endpoints of other clouds, such as another emulator, from a
    configuration of the AWS provider; empty if it has none.
    """
    # Expressions are kept: they refer to inputs, which are those of this deployment.
    arguments: dict[str, Any] = dict.fromkeys(
        (name for name in _ACCOUNT if "${" not in str(block.get(name, "${"))), None
    )
    given, endpoint = blocks(block.get("endpoints", [])), os.environ.get("AWS_ENDPOINT_URL")
    here = [{name: url if "${" in str(url) else endpoint for name, url in urls.items()} for urls in given]
    if endpoint and here != given:
        arguments["endpoints"] = here
    if arguments and "alias" in block:
        arguments["alias"] = block["alias"]
    return arguments
