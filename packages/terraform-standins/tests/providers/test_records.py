"""Create, change and destroy a resource of each type that the embedded cloud keeps as a record."""

from __future__ import annotations

from .records import DATA, RECORDS
from .workspace import Workspace


def test_records(workspace: Workspace) -> None:
    """The plans after the creation and after the changes are empty, with default tags, too; changes are in place."""
    provider = {"aws": {"default_tags": [{"tags": {"Project": "a"}}]}}
    data = {type_: {"this": arguments} for type_, arguments in DATA.items()}
    resources = {type_: {"this": arguments} for type_, (arguments, _) in RECORDS.items()}
    workspace.converge(provider=provider, data=data, resource=resources)
    for type_, (arguments, changes) in RECORDS.items():
        resources[type_]["this"] = {**arguments, **changes}
    changed = {f"{type_}.this": ["update"] for type_, (_, changes) in RECORDS.items() if changes}
    planned = workspace.actions(provider=provider, data=data, resource=resources)
    assert {address: actions for address, actions in planned.items() if not address.startswith("data.")} == changed
    workspace.run("apply", "plan")
    assert workspace.plan() == {}
    workspace.run("destroy", "-auto-approve")
