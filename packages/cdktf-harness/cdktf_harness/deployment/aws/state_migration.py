"""Move Terraform's states from one backend to another."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.synthesis.stacks import Stack, Synthesis
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.terraform.run import Terraform

_MOVED = ".moved"
# Terraform's error where it noted another backend (1.15; OpenTofu's is the same).
_ELSEWHERE = "Backend configuration changed"


def move(deployment: Deployment, before: Mapping[str, str]) -> list[str]:
    """Move the states to where the app's settings say, from where they were with the variables `before`.

    Returns the names of the stacks that had one. Terraform refuses to replace another state there. A file that was
    moved is renamed; an object in S3 is deleted, of which a versioned bucket keeps the content.
    Raises CommandFailed or HarnessError; then the states are where they were.
    """
    env = deployment.env
    with tempfile.TemporaryDirectory() as folder, closing(Terraform(env)) as terraform, ExitStack() as undo:
        sources = _synthesized(deployment, {**env, **before, "CDKTF_OUTPUT": f"{folder}/before"})
        pulled = {name: terraform.pull(stack) for name, stack in sources.items()}
        states = {name: state for name, state in pulled.items() if state and state.get("resources")}
        moved = [sources[name] for name in states]
        # Before the synthesis: an app may refuse to use another backend while there is a state in a file.
        for file in (file for stack in moved if (file := _file(stack))):
            undo.callback(file.rename(f"{file}{_MOVED}").rename, file)
        targets = _synthesized(deployment, {**env, "CDKTF_OUTPUT": f"{folder}/after"})
        for name, state in states.items():
            if targets[name].document["terraform"]["backend"] == sources[name].document["terraform"]["backend"]:
                raise HarnessError(f"the state of {name} is there already: name where it was before, not where it is")
            _push(terraform, targets[name], state, Path(folder))
        undo.pop_all()
        for stack in moved:
            _delete(stack)
    deployment.env = env
    # Where Terraform noted the old backend, it would refuse the new one.
    for out in (deployment.out, deployment.project.root / "cdktf.out"):
        for record in _records(out, states):
            record.unlink(missing_ok=True)
    return list(states)


def with_move_hint(failure: CommandFailed, deployment: Deployment) -> CommandFailed:
    """Return the failure, with how to move the state if its reason is that the app's settings name another bucket."""
    project = deployment.project
    for record in _records(deployment.out, deployment.synthesis()) if _ELSEWHERE in failure.output else ():
        content = json.loads(record.read_text()) if record.exists() else {}
        bucket = content.get("backend", {}).get("config", {}).get("bucket") or ""
        if content and bucket != project.state_bucket:
            before = f"{project.state_bucket_setting}="
            command = project.command("aws move-state").strip("`").removesuffix(before).strip()
            command += f"{'' if command.endswith('=') else ' '}{before}{bucket}"
            where = f"the state of stack {record.parts[-3]} is in {bucket or 'files'}"
            return CommandFailed(f"{where}: `{command}` moves it", output=failure.output)
    return failure


def _records(out: Path, stacks: Iterable[str]) -> Iterator[Path]:
    """Where Terraform notes the backend of each stack."""
    return (out / "stacks" / name / ".terraform" / "terraform.tfstate" for name in stacks)


def _synthesized(deployment: Deployment, env: Mapping[str, str]) -> Synthesis:
    deployment.env = env
    return deployment.synthesize()


def _push(terraform: Terraform, stack: Stack, state: Mapping[str, Any], folder: Path) -> None:
    file = folder / "state.json"
    file.write_text(json.dumps(state))
    terraform.push(stack, file)
    found = terraform.pull(stack)
    # The lineage may be a new one.
    if not found or any(found[key] != state[key] for key in ("resources", "outputs")):
        raise HarnessError(f"the state of {stack.name} did not arrive: run the command again")


def _file(stack: Stack) -> Path | None:
    path = stack.document["terraform"]["backend"].get("local", {}).get("path")
    return Path(path) if path else None


def _delete(stack: Stack) -> None:
    if config := stack.document["terraform"]["backend"].get("s3"):
        # Imported late: it takes 0.1 s.
        import boto3

        boto3.client("s3", region_name=config["region"]).delete_object(Bucket=config["bucket"], Key=config["key"])
