"""The supported types and arguments, and their schemas."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from typing import Any

import pytest

from terraform_standins.aws.cloud import service_model
from terraform_standins.aws.model import Names, _inner, _items, member, pairs
from terraform_standins.aws.resource import AwsResource
from terraform_standins.aws.services.attributes import AttributesResource
from terraform_standins.protocol.base import Type
from terraform_standins.protocol.schema import Block
from terraform_standins.schemas.__main__ import build, in_order, schema_path
from terraform_standins.serving.bundled import PROVIDERS, bundled, load

TYPES: list[type[Type[Any]]] = [type_ for name in PROVIDERS for type_ in load(name).types]
RESOURCES = [type_ for type_ in TYPES if issubclass(type_, AwsResource)]
FROM_BINDINGS = [
    f"{type_.kind}.{type_.type_name}"
    for type_ in TYPES
    if type_.type_name.startswith("aws_") and type_.kind != "ephemeral"
]


def test_list() -> None:
    """`list` prints each type with its kind, one per line."""
    command = [sys.executable, "-m", "terraform_standins", "list"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert printed == sorted(f"{type_.kind} {type_.type_name}" for type_ in TYPES)
    assert bundled() == {line.replace(" ", ".") for line in printed}
    assert "resource docker_registry_image" in printed
    assert "ephemeral aws_ecr_authorization_token" in printed


@pytest.mark.parametrize("type_", TYPES, ids=lambda t: f"{t.kind}.{t.type_name}")
def test_arguments_exist(type_: type[Type[Any]]) -> None:
    """Each supported argument of a type is in its schema and can be set."""
    block = type_.load_schema().block
    for argument in type_().supported:
        head, _, inner = argument.partition(".")
        if inner:
            block.blocks[head].block.attributes.get(inner) or block.blocks[head].block.blocks[inner]
        else:
            assert head in block.blocks or block.attributes[head].settable


def test_schemas_are_those_of_the_bindings() -> None:
    """The schema files are the generator's output for the installed bindings, without changes by hand."""
    made = {name: json.loads(json.dumps(build(name))) for name in in_order(FROM_BINDINGS)}
    assert [name for name in made if json.loads(schema_path(name).read_text()) != made[name]] == []


@pytest.mark.parametrize("type_", RESOURCES, ids=lambda t: t.type_name)
def test_every_argument_is_taken(type_: type[AwsResource]) -> None:
    """No supported argument is ignored: a call takes it, or its module has its name."""
    resource, block = type_(), type_().schema.block
    classes = [one for one in type_.__mro__ if one.__module__.startswith("terraform_standins.aws.services.")]
    named = set(re.findall(r'"(\w+)"', "".join(map(inspect.getsource, classes))))
    calls = {resource.calls.create, *resource.calls.updates, resource.calls.delete} - {""}
    taken = {*named, "id", "region", "tags", "tags_all", "timeouts", "skip_destroy", f"{resource.named_by}_prefix"}
    taken |= {*resource.changeable(), *resource.kept}
    model, operations = service_model(resource.service)
    for call in calls | (named & operations.keys()):
        taken |= set(resource.takes(call))
    for shape in (resource.shape(name) for name in named & set(model.shape_names)):
        taken |= pairs(block, shape, resource.names).keys() if shape.type_name == "structure" else set()
    if isinstance(resource, AttributesResource):
        taken |= {name for name, attribute in block.attributes.items() if isinstance(attribute.type, str)}
    assert {argument.partition(".")[0] for argument in resource.supported} - taken == set()


# What a task would get, of which the embedded cloud keeps records only.
_IGNORED = {"deployment_configuration.lifecycle_hook.hook_details", "target.ecs_parameters.tags"}


@pytest.mark.parametrize("type_", [one for one in RESOURCES if one.derived], ids=lambda t: t.type_name)
def test_every_argument_of_a_block_is_taken(type_: type[AwsResource]) -> None:
    """A block that is sent as a structure of AWS's API is sent as a whole."""
    resource = type_()
    calls = filter(None, (resource.calls.create, resource.calls.delete, *resource.calls.updates))
    shapes = [resource.operation(call).input_shape for call in calls]
    shapes += [resource.shape(resource.builds)] if resource.builds else []
    sent, lost = set[str](), set[str]()

    def compare(block: Block, structure: Any, names: Names, wrapper: str = "", noun: str = "", path: str = "") -> None:
        found = pairs(block, structure, names, wrapper, noun)
        settable = {name for name, attribute in block.attributes.items() if attribute.settable}
        sent.update(f"{path}{name}" for name in found)
        lost.update(f"{path}{name}" for name in (settable | block.blocks.keys()) - found.keys() if path)
        for name in found.keys() & block.blocks.keys():
            shape = _items(member(structure, found[name]), blocks=True)
            part = getattr(shape, "member", shape)
            compare(block.blocks[name].block, part, _inner(names, name), path=f"{path}{name}.")

    for shape in shapes:
        compare(resource.schema.block, shape, resource.names, resource.wrapper, resource.noun)
    # A type may support a block, or single arguments of one.
    supported = (name for name in lost - sent - _IGNORED if {name.split(".")[0], _head(name)} & resource.supported)
    assert {name for name in supported if name.split(".")[0] not in {*resource.kept, *resource.switches}} == set()


def _head(argument: str) -> str:
    return ".".join(argument.split(".")[:2])
