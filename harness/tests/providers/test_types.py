"""What is supported, and that its schema is that of the pinned version."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from cdktf_harness.providers.__main__ import PROVIDERS, load
from cdktf_harness.providers.resource import Type
from cdktf_harness.providers.schemas.__main__ import build, schema_path

TYPES: list[type[Type[Any]]] = [type_ for name in PROVIDERS for type_ in load(name).types]
FROM_BINDINGS = [
    f"{type_.kind}.{type_.type_name}"
    for type_ in TYPES
    if type_.type_name.startswith("aws_") and type_.kind != "ephemeral"
]


def test_list() -> None:
    """`list` prints every type, one a line, with its kind."""
    command = [sys.executable, "-m", "cdktf_harness.providers", "list"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert printed == sorted(f"{type_.kind} {type_.type_name}" for type_ in TYPES)
    assert "resource docker_registry_image" in printed
    assert "ephemeral aws_ecr_authorization_token" in printed


@pytest.mark.parametrize("type_", TYPES, ids=lambda t: f"{t.kind}.{t.type_name}")
def test_arguments_exist(type_: type[Type[Any]]) -> None:
    """Every argument that a type claims to support is in its schema, and can be set."""
    block = type_.load_schema().block
    for argument in type_().supported:
        head, _, inner = argument.partition(".")
        if inner:
            block.blocks[head].block.attributes.get(inner) or block.blocks[head].block.blocks[inner]
        else:
            assert head in block.blocks or block.attributes[head].settable


@pytest.mark.parametrize("name", ["provider.aws", *FROM_BINDINGS])
def test_schema_is_that_of_the_bindings(name: str) -> None:
    """The schema files are what the generator makes of the installed bindings: no hand was in them."""
    assert json.loads(schema_path(name).read_text()) == json.loads(json.dumps(build(name)))
