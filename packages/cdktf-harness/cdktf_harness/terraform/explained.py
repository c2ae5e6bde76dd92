"""Add to Terraform's errors the source lines of the resources that they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cdktf_harness.project.errors import CommandFailed
from cdktf_harness.project.variables import STATES
from terraform_standins.serving import way_out
from terraform_standins.variables import KEEP_PROVIDERS

if TYPE_CHECKING:
    from cdktf_harness.synthesis.stacks import Block, Stack

# The frame that Terraform prints around an error, after the name of the stack.
_FRAME_START, _FRAME, _FRAME_END = "╷", "│", "╵"
_ERROR = "Error: "
# BuildKit's message if a registry does not answer, or answers with an error.
_NOT_PULLED = re.compile(
    r"(?:failed to do request: Head|unexpected status from HEAD request to) \\?\"?https?://([^/\s]+)/v2/(\S+)/manifests/([^\s\"\\]+)"
)
# Terraform's message if it cannot ask a registry of providers.
_NO_REGISTRY = re.compile(r"could\s+not\s+connect\s+to\s+([\w.:-]+):\s")
_PROVIDER_ENDED = "Plugin did not respond"
# AWS's codes for a name that is taken, where the app chooses it.
_TAKEN = re.compile(r"\b(?:Repository|Resource|Entity)AlreadyExists|Function already exist")
# What Terraform prints of a program of a provisioner: while it runs, or within the error.
_PROVISIONER = "local-exec provisioner error"
_PROGRAM_SAID = (re.compile(r"\(local-exec\): (.+)"), re.compile(r"exit status \d+\. Output: (.+)"))
# Terraform's message if an output of another stack is not there, which CDKTF reads from that stack's state.
_NO_OUTPUT = re.compile(r"terraform_remote_state\.cross-stack-reference-input-([\w-]+)")
# Terraform's message for a type that no schema has.
_NO_SUCH_TYPE = re.compile(r'does not support resource type\s+"(\w+)"')


def explained(failure: CommandFailed, what: str, stacks: Iterable[Stack], env: Mapping[str, str]) -> CommandFailed:
    """Return the failure of `what` with all of Terraform's errors and the source lines of what they name."""
    errors = terraform_errors(failure.output) or _plain_errors(failure.output)
    first = next((error for error in errors if error.startswith(_ERROR)), None)
    # There may be warnings only.
    if first is None:
        return failure
    text = "\n\n".join(errors)
    blocks = [block for stack in stacks for block in (*stack.resources(), *stack.data_sources())]
    found = [block for block in blocks if _is_about(text, block)]
    summary = first.splitlines()[0].removeprefix(_ERROR) + _way_out(text, failure.output, env)
    where = f" ({_made(found[0])})" if found else ""
    # An app may write its stacks without constructs.
    listed = "\n".join(f"{block.address} is {made}" for block in found if (made := _made(block)) != block.address)
    # The tail may have more than the errors, such as the log of a build.
    tail = "\n\n".join(filter(None, [failure.tail if text in failure.tail else text, listed]))
    return CommandFailed(f"{what}: {summary}{where}", tail=tail, output=failure.output)


def _is_about(text: str, block: Block) -> bool:
    """Whether an error names a resource or data source, or its type."""
    return bool(re.search(rf"(?<![\w.-]){re.escape(block.address)}(?![\w-])|type\s+\"{block.type}\"", text))


def _made(block: Block) -> str:
    return block.path + (f", made in {block.source}" if block.source else "")


def terraform_errors(output: str) -> list[str]:
    """Return Terraform's errors and warnings in `output`, each once, without frames."""
    found: dict[str, None] = {}
    lines: list[str] | None = None
    for line in output.splitlines():
        if line.endswith(_FRAME_START):
            lines = []
        elif lines is not None and _FRAME_END in line:
            found["\n".join(lines).strip()] = None
            lines = None
        elif lines is not None:
            lines.append(line.partition(_FRAME)[2].removeprefix(" "))
    return list(found)


def _plain_errors(output: str) -> list[str]:
    """Return Terraform's errors in output without colours, which has no frames."""
    return [f"{_ERROR}{text.strip()}" for text in re.split(rf"^{_ERROR}", output, flags=re.M)[1:]]


def _way_out(errors: str, output: str, env: Mapping[str, str]) -> str:
    """Return what to do about the errors that have a way out which Terraform does not tell.

    Of a program of a provisioner, it is the last line that it printed.
    """
    if _PROVISIONER in errors and (said := [found for line in _PROGRAM_SAID for found in line.findall(output)[-1:]]):
        return f": {said[0]}"
    if _PROVIDER_ENDED in errors:
        return ": a provider ended meanwhile; run the command again"
    if _TAKEN.search(errors):
        lost = (
            "if that was lost, take the deployment down and bring it up again"
            if env.get(STATES)
            else "use the state that has it (another file or bucket, or an older version), or `terraform import`"
        )
        return f"; it is not in Terraform's state: {lost}"
    if "Unsupported attribute" in errors and (other := _NO_OUTPUT.search(errors)):
        return f": the stack {other[1]} is not deployed, or not as the app has it now; deploy it first"
    if pull := _NOT_PULLED.search(output):
        host, name, reference = pull.groups()
        image = f"{host}/{name}{'@' if reference.startswith('sha256:') else ':'}{reference.rstrip(':')}"
        return (
            f"; the Docker engine cannot pull {image}: let it reach that registry (it has a proxy and certificates of "
            "its own), or build on an image that it can pull"
        )
    if registry := _NO_REGISTRY.search(errors):
        mode = " with PROVIDERS=registry" if env.get(KEEP_PROVIDERS) else ""
        return (
            f"; Terraform cannot reach {registry[1]}: connect to the network, or name a mirror of providers in the "
            f"file of TF_CLI_CONFIG_FILE{mode}"
        )
    lacking = _NO_SUCH_TYPE.search(errors)
    return way_out.for_type(lacking[1]) if lacking and env.get(KEEP_PROVIDERS) else ""
