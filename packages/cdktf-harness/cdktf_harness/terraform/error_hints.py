"""Terraform's errors, with the source lines of the resources that they name, and what to do where it does not say."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cdktf_harness.project.variables import STATES
from cdktf_harness.synthesis.stacks import Block, Stack
from cdktf_harness.system.errors import CommandFailed
from terraform_standins.aws import out_of_reach
from terraform_standins.serving.releases import RELEASES
from terraform_standins.variables import KEEP_PROVIDERS

_ERROR = "Error: "
# What `init` prints before the errors of a configuration.
_HEADING = re.compile(r"Error: Terraform\s+encountered\s+problems\s+during\s+initiali[sz]ation")
# BuildKit's message if a registry does not answer, or answers with an error.
_NOT_PULLED = re.compile(
    r"(?:failed to do request: Head|unexpected status from HEAD request to) \\?\"?https?://([^/\s]+)/v2/(\S+)/manifests/([^\s\"\\]+)"
)
# Terraform's messages if no registry or mirror answers with a provider or a module.
_NO_SOURCE = re.compile(
    r"could\s+not\s+connect\s+to|failed\s+to\s+request\s+discovery|failed\s+to\s+query\s+provider\s+mirror|cannot\s+search\s"
    r"|was\s+not\s+found\s+in\s+any|no\s+available\s+releases\s+match"
)
PROVIDER_ENDED = "Plugin did not respond"
# Terraform's message for a running provider that ended before its first call.
_PROVIDER_GONE = re.compile(r"reattachment\s+process\s+not\s+found")
# AWS's codes for a name that is taken, where the app chooses it.
_TAKEN = re.compile(r"\b(?:Repository|Resource|Entity)AlreadyExists|Function already exist")
# What Terraform prints of a program of a provisioner: while it runs, or within the error.
_PROVISIONER = "local-exec provisioner error"
_PROGRAM_SAID = (re.compile(r"\(local-exec\): (.+)"), re.compile(r"exit status \d+\. Output: (.+)"))
# Terraform's messages if another stack's output or state does not exist, which CDKTF reads from that stack's state.
_NO_OUTPUT = re.compile(r"terraform_remote_state\.cross-stack-reference-input-([\w-]+)")
# Terraform's message for a type that no schema has.
_NO_SUCH_TYPE = re.compile(r'does not support resource type\s+"(\w+)"')
# Terraform's message for an argument or block that the schema of a type or provider lacks.
_NO_SUCH_ARGUMENT = re.compile(
    r'in\s+(?:resource|data|provider)\.(\w+)\S*:\s.*?No\s+argument\s+or\s+block\s+type\s+is\s+named\s+"(\w+)"', re.S
)
# Terraform's message for a function, such as one that reads a file, with the reason.
_FAILED_CALL = re.compile(r'Call\s+to\s+function\s+"\w+"\s+failed:\s+(.+?)\.?\s*(?:\n\n|\Z)', re.S)

# The message of the bundled providers for a module of the app that they cannot load.
_OWN_TYPES = re.compile(r"cannot load \S+, one of `types` in pyproject.toml: [^\n]+")

# Terraform's messages for a variable without a value.
NO_VALUE = "No value for required variable"
_VARIABLE = re.compile(r'input\s+variable\s+"([\w-]+)"\s+is\s+not\s+set')
# What Terraform prints of a lock that another command holds.
_LOCK = re.compile(r"^\s*(ID|Who|Created):\s+(\S.*?)\s*$", re.MULTILINE)
# The system's message if the lock is one of a file, which ends with its process.
_FILE_LOCK = "resource temporarily unavailable"


def with_sources(failure: CommandFailed, what: str, stack: Stack | None, env: Mapping[str, str]) -> CommandFailed:
    """Return the failure of `what` with all of Terraform's errors, hints, and the source lines of what they name."""
    errors = _errors(failure.output)
    if not errors:
        return failure
    text = "\n\n".join(errors)
    blocks = [*stack.resources(), *stack.data_sources()] if stack else []
    found = [block for block in blocks if _is_about(text, block)]
    advice = _locked(text, stack, env) or hint(text, failure.output, env)
    summary = errors[0].splitlines()[0].removeprefix(_ERROR) + advice
    first = next((block for block in blocks if _is_about(errors[0], block)), None)
    where = f" ({first.made})" if first else f" ({found[0].made})" if found else ""
    # An app may write its stacks without constructs.
    listed = "\n".join(f"{block.address} is {made}" for block in found if (made := block.made) != block.address)
    # The tail may have more than the errors, such as the log of a build.
    tail = "\n\n".join(filter(None, [failure.tail if text in failure.tail else text, listed]))
    return CommandFailed(f"{what}: {summary}{where}", tail=tail, output=failure.output, code=failure.code)


def _is_about(text: str, block: Block) -> bool:
    """Whether an error names a resource or data source, or its type."""
    address = rf"(?:(?<![\w.-])|\bin\s+resource\.){re.escape(block.address)}(?![\w-])"
    return bool(re.search(rf"{address}|type\s+\"{block.type}\"", text))


def _errors(output: str) -> list[str]:
    """Return Terraform's errors in output without colours."""
    errors = [f"{_ERROR}{text.strip()}" for text in re.split(rf"^{_ERROR}", output, flags=re.M)[1:]]
    return [error for error in errors if not _HEADING.match(error)] or errors


def hint(errors: str, output: str, env: Mapping[str, str]) -> str:
    """Return what to do about `errors`, where Terraform does not say; "" if it is not known.

    For the program of a provisioner, return the last line that it printed.
    """
    if _PROVISIONER in errors and (said := [found for line in _PROGRAM_SAID for found in line.findall(output)[-1:]]):
        return f": {said[0]}"
    if own := _OWN_TYPES.search(" ".join(errors.split())):
        return f": {own[0]}"
    if PROVIDER_ENDED in errors or _PROVIDER_GONE.search(errors):
        return ": a provider ended; run the command again"
    if _TAKEN.search(errors):
        lost = "take the deployment down and bring it up again" if env.get(STATES) else "`terraform import` it"
        return f"; another resource has that name: give each its own name or, if Terraform's state lacks it, {lost}"
    if NO_VALUE in errors:
        return set_variables(_VARIABLE.findall(errors))
    lacking_stack = "Unsupported attribute" in errors or "Unable to find remote state" in errors
    if lacking_stack and (other := _NO_OUTPUT.search(errors)):
        return f": the stack {other[1]} is not deployed, or not as the app has it now; deploy it first"
    if pull := _NOT_PULLED.search(output):
        return _not_pulled(pull[1], pull[2], pull[3], env)
    if _NO_SOURCE.search(errors):
        mode = " with --providers registry" if env.get(KEEP_PROVIDERS) else ""
        return f": connect to the network, or name a mirror that has it in the file of TF_CLI_CONFIG_FILE{mode}"
    if env.get(KEEP_PROVIDERS) and (unknown := dict.fromkeys(_NO_SUCH_ARGUMENT.findall(errors))):
        return _no_such_arguments(unknown)
    if call := _FAILED_CALL.search(errors):
        return f": {' '.join(call[1].split())}"
    lacking = _NO_SUCH_TYPE.search(errors)
    return out_of_reach.advice(lacking[1]) if lacking and env.get(KEEP_PROVIDERS) else ""


def _no_such_arguments(unknown: Iterable[tuple[str, str]]) -> str:
    """Say that the arguments, by type, are none of the bundled version of its provider."""
    names = ", ".join(".".join(name) for name in unknown)
    versions = [f"{r.source} {r.version}" for r in RELEASES if any(name.startswith(r.name) for name, _ in unknown)]
    return f": {' and '.join(versions)}, which is bundled, has no {names}; remove it, or use --providers registry"


def set_variables(names: Iterable[str]) -> str:
    """Return how to give Terraform's variables a value."""
    return f": set {' and '.join(f'TF_VAR_{name}' for name in dict.fromkeys(names))}"


class Lock(NamedTuple):
    """The lock of a state that another command holds. That of a file ends with the command."""

    id: str
    holder: str
    of_file: bool


def lock(errors: str) -> Lock | None:
    """Return the lock of a state that Terraform could not get; None if `errors` are others."""
    found = dict(_LOCK.findall(errors))
    if "acquiring the state lock" not in errors or not found.keys() >= {"ID", "Who", "Created"}:
        return None
    holder = f"{found['Who']} holds it since {found['Created'].partition('.')[0]} UTC"
    return Lock(found["ID"], holder, _FILE_LOCK in errors)


def _locked(errors: str, stack: Stack | None, env: Mapping[str, str]) -> str:
    """Return who holds the lock of the state of `stack`, since when, and what to do; "" if it is free."""
    if not (found := lock(errors)):
        return ""
    held = f": {found.holder}: wait until that command has ended"
    if found.of_file:
        return f"{held}, or end it"
    folder = f"-chdir={os.path.relpath(stack.folder)} " if stack else ""
    terraform = os.path.relpath(env.get("TERRAFORM_BINARY_NAME", "terraform"))
    return f"{held}; if it was killed, `{terraform} {folder}force-unlock {found.id}` removes the lock"


def _not_pulled(host: str, name: str, reference: str, env: Mapping[str, str]) -> str:
    """Return why an image cannot be pulled: made here for another architecture, or its registry does not answer."""
    from cdktf_harness.docker import bases

    image = f"{host}/{name}{'@' if reference.startswith('sha256:') else ':'}{reference.rstrip(':')}"
    if bases.is_built(name):
        return (
            f"; {name}:{reference} was built here, for one architecture: build for that, too, or write "
            "`FROM --platform=$BUILDPLATFORM` in the Containerfile"
        )
    # In the embedded cloud only: on AWS, images are built on the public ones.
    kind = bases.kind_for(f"{host}/{name}") if env.get(STATES) else ""
    equal = f", or name it in `bases` of [tool.cdktf-harness] ({kind!r}), which makes an equal one here" if kind else ""
    return (
        f"; the Docker engine cannot pull {image}: let it reach that registry (it has a proxy and certificates of "
        f"its own), or build on an image that it can pull{equal}"
    )
