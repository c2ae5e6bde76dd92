"""Add to Terraform's errors the source lines of the resources that they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cdktf_harness.system.errors import CommandFailed
from cdktf_harness.terraform.error_hints import hint, locked

if TYPE_CHECKING:
    from cdktf_harness.synthesis.stacks import Block, Stack

_ERROR = "Error: "


def with_sources(failure: CommandFailed, what: str, stacks: Iterable[Stack], env: Mapping[str, str]) -> CommandFailed:
    """Return the failure of `what` with all of Terraform's errors, hints, and the source lines of what they name."""
    errors = _errors(failure.output)
    if not errors:
        return failure
    text = "\n\n".join(errors)
    stacks = list(stacks)
    blocks = [block for stack in stacks for block in (*stack.resources(), *stack.data_sources())]
    found = [block for block in blocks if _is_about(text, block)]
    advice = locked(text, stacks, env) or hint(text, failure.output, env)
    summary = errors[0].splitlines()[0].removeprefix(_ERROR) + advice
    where = f" ({found[0].made})" if found else ""
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
    return [f"{_ERROR}{text.strip()}" for text in re.split(rf"^{_ERROR}", output, flags=re.M)[1:]]
