"""Leave out blocks of synthesized stacks."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from cdktf_harness.synthesis.stacks import Block, Stack
from cdktf_harness.system import json_store
from cdktf_harness.system.errors import HarnessError

_BUILDS = ("docker_image", "docker_registry_image")


def leave_out(stacks: Iterable[Stack], lacking: Iterable[Block]) -> None:
    """Remove blocks from the synthesized stacks. Raises HarnessError if something refers to one of them."""
    blocks = list(lacking)
    for stack in stacks:
        document: Any = json.loads(json.dumps(stack.document))
        own = [block for block in blocks if stack.block(block.address) is block]
        for block in own:
            of_kind = document["data" if block.address.startswith("data.") else "resource"]
            del of_kind[block.type][block.address.rpartition(".")[2]]
            if not of_kind[block.type]:
                del of_kind[block.type]
        for block in own:
            if _refers({**document, "//": None}, block):
                raise HarnessError(f"{block} cannot be left out, since stack {stack.name} refers to it")
        if own:
            json_store.write(stack.folder / "cdk.tf.json", document)


def unused_builds(stack: Stack, deployed: Collection[str]) -> Iterator[Block]:
    """Yield the images that would be built first, at no address in `deployed`, although nothing but data uses them."""
    for image in stack.resources():
        if image.type in _BUILDS:
            users = [image]
            for user in users:
                users += [one for one in stack.resources() if one not in users and _refers(one.values, user)]
            if all(one.type in (*_BUILDS, "terraform_data") and one.address not in deployed for one in users):
                yield from users


def _refers(values: Any, block: Block) -> bool:
    return bool(re.search(rf"(?<![\w.-]){re.escape(block.address)}(?![\w-])", json.dumps(values)))
