"""Synthesized stacks as objects: resources, data sources, providers, outputs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cdktf_harness.synthesis import inspection, manifest
from cdktf_harness.synthesis.matching import ABSENT, look_up, mismatches

INDEX = re.compile(r"\[[^]]*\]$")
_MODULE = re.compile(r'module\.([\w-]+)(\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.')
# The key of CDKTF's metadata (0.21), with the construct path of each element.
COMMENT = "//"


@dataclass(frozen=True)
class Block:
    """A resource, data source or provider of a synthesized stack.

    `path` is the construct path, which begins with the stack's name ("api/function/role"), or the address if an
    override created it; `address` is Terraform's; `source` is the file and line of the app that created it
    ("stacks/function.py:38"), empty if unknown; `values` are the synthesized arguments.
    """

    path: str
    address: str
    type: str
    values: Mapping[str, Any]
    source: str = ""

    def __str__(self) -> str:
        where = f", {self.source}" if self.source else ""
        return f"{self.path} ({self.address}{where})"

    @property
    def made(self) -> str:
        """The construct path and the line of the app that created it."""
        return self.path + (f", made in {self.source}" if self.source else "")

    def __getitem__(self, path: str) -> Any:
        """Return the value at a dotted path; indexes of single blocks may be omitted. Fails if there is none."""
        if (value := self.get(path, ABSENT)) is ABSENT:
            raise AssertionError(f"{self} has no {path!r}; it has {', '.join(sorted(self.values))}")
        return value

    def get(self, path: str, default: Any = None) -> Any:
        """Return the value at a dotted path, else `default`."""
        value = look_up(self.values, path)
        inspection.note(self.path, path)
        return default if value is ABSENT else value

    def json(self, path: str) -> Any:
        """Parse the JSON text at a dotted path, such as a policy."""
        return json.loads(self[path])

    def assert_has(self, expected: Mapping[str, Any] | None = None, /, **arguments: Any) -> None:
        """Fail with every difference unless it has the given arguments.

        A mapping is part of a block, a dotted key reaches into blocks, ABSENT is an argument that must not exist, a
        compiled pattern must match the whole text.
        """
        __tracebackhide__ = True
        wanted = {**(expected or {}), **arguments}
        inspection.note(self.path, *wanted)
        if found := mismatches(wanted, self.values):
            raise AssertionError("\n  ".join([str(self), *found]))


@dataclass(frozen=True)
class Stack:
    """One synthesized stack; `document` is its cdk.tf.json."""

    name: str
    folder: Path
    dependencies: tuple[str, ...]
    document: Mapping[str, Any]
    root: Path
    sources: Mapping[str, str]

    @cached_property
    def digest(self) -> str:
        """The digest of the document; "" with modules, whose files it does not contain."""
        content = json.dumps(self.document, sort_keys=True).encode()
        return "" if "module" in self.document else hashlib.sha256(content).hexdigest()

    def resources(self, type_: str = "") -> list[Block]:
        """Return all managed resources, or those of a type."""
        return [block for block in self._blocks["resource"] if type_ in ("", block.type)]

    def resource(self, which: str) -> Block:
        """Return the resource at a construct path (with or without the stack's name), or the only one of a type."""
        return self._one("resource", which)

    def data_sources(self, type_: str = "") -> list[Block]:
        """Return all data sources, or those of a type."""
        return [block for block in self._blocks["data"] if type_ in ("", block.type)]

    def data_source(self, which: str) -> Block:
        """Return the data source at a construct path, or the only one of a type."""
        return self._one("data", which)

    def providers(self, name: str = "") -> list[Block]:
        """Return all provider configurations, or those of a provider."""
        return [block for block in self._blocks["provider"] if name in ("", block.type)]

    def provider(self, name: str) -> Block:
        """Return the only configuration of a provider."""
        return self._one("provider", name)

    def block(self, address: str) -> Block | None:
        """Return the resource, data source or provider at Terraform's address, if there is one."""
        blocks = (block for found in self._blocks.values() for block in found)
        return next((block for block in blocks if block.address == address), None)

    @property
    def outputs(self) -> dict[str, Any]:
        """The value of each output by its name, without the hash that CDKTF appends to nested ones."""
        tree = self.document.get(COMMENT, {}).get("outputs", {}).get(self.name, {})
        paths = {key: path for path, key in _leaves(tree)}
        return {paths.get(key, key): output["value"] for key, output in self.document.get("output", {}).items()}

    def by_construct(self, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return Terraform's outputs by construct id, nested as the constructs are, as CDKTF's command line does."""
        tree = self.document.get(COMMENT, {}).get("outputs", {}).get(self.name)
        return dict(outputs) if tree is None else _filled(tree, outputs)

    def output(self, name: str) -> Any:
        """Return an output by its construct path in the stack ("url", "queue/url"). Fails if there is none."""
        if name not in self.outputs:
            raise AssertionError(f"stack {self.name!r} has no output {name!r}; it has {', '.join(self.outputs)}")
        return self.outputs[name]

    @cached_property
    def paths(self) -> dict[str, str]:
        """The construct paths of all resources and data sources, by address."""
        return {block.address: block.path for kind in ("resource", "data") for block in self._blocks[kind]}

    @cached_property
    def modules(self) -> dict[str, str]:
        """The construct paths of the modules, by address."""
        found = self.document.get("module", {}).items()
        return {f"module.{name}": _path(values) or f"{self.name}/{name}" for name, values in found}

    def path_of(self, address: str) -> str:
        """Return the construct path of a resource at Terraform's address, also in a module."""
        return construct_path(address, self.paths | self.modules)

    @cached_property
    def _blocks(self) -> dict[str, list[Block]]:
        return {kind: list(self._read(kind)) for kind in ("resource", "data", "provider")}

    def _read(self, kind: str) -> Iterator[Block]:
        for type_, named in self.document.get(kind, {}).items():
            if kind == "provider":
                for values in named if isinstance(named, list) else [named]:
                    alias = values.get("alias")
                    address = f"provider.{type_}.{alias}" if alias else f"provider.{type_}"
                    yield Block(address, address, type_, values)
                continue
            for name, values in named.items():
                address = f"data.{type_}.{name}" if kind == "data" else f"{type_}.{name}"
                # A block of an override has no metadata.
                path = _path(values) or address
                yield Block(path, address, type_, without_comments(values), self.sources.get(path, ""))

    def _one(self, kind: str, which: str) -> Block:
        blocks = self._blocks[kind]
        found = [block for block in blocks if block.path in (which, f"{self.name}/{which}")]
        found = found or [block for block in blocks if which in (block.type, block.address)]
        if len(found) == 1:
            return found[0]
        listed = "\n  ".join(map(str, found or blocks))
        raise AssertionError(
            f"stack {self.name!r}: expected one {kind} {which!r}, found {len(found)}; it has\n  {listed}"
        )


class Synthesis(dict[str, Stack]):
    """The stacks of one synthesis by name, each after those that it depends on."""

    def __missing__(self, name: str) -> Stack:
        raise AssertionError(f"there is no stack {name!r}, only {', '.join(self)}")

    def below(self, name: str) -> list[Stack]:
        """Return the stacks that a stack depends on, directly or indirectly."""
        direct = self[name].dependencies
        needed = {*direct, *(stack.name for other in direct for stack in self.below(other))}
        return [stack for stack in self.values() if stack.name in needed]


def read_synthesis(folder: Path, root: Path, sources: Mapping[str, str]) -> Synthesis:
    """Read what the app in `root` wrote to `folder`, with the `sources` of its constructs."""
    entries = dict(sorted(manifest.read(folder).items()))
    ordered: dict[str, Stack] = {}
    while waiting := [name for name in entries if name not in ordered]:
        # CDKTF refuses circular dependencies.
        name = next(name for name in waiting if ordered.keys() >= set(entries[name]["dependencies"]))
        path = folder / entries[name]["synthesizedStackPath"]
        document = json.loads(path.read_text())
        ordered[name] = Stack(name, path.parent, tuple(entries[name]["dependencies"]), document, root, sources)
        for block in ordered[name].resources() if inspection.on else ():
            inspection.labels[block.path] = f"{block.type}, {block.source}".rstrip(", ")
            inspection.note(block.path, *block.values, into=inspection.found)
    return Synthesis(ordered)


def construct_path(address: str, paths: Mapping[str, str]) -> str:
    """Return the construct path of Terraform's address; `paths` are those of resources and modules without an index.

    A resource of a module is below the module's path by its address there: `stack/queue/aws_sqs_queue.dlq[0]`.
    """
    above = ""
    while match := _MODULE.match(address):
        above = f"{above}/{match[1]}" if above else paths.get(f"module.{match[1]}", f"module.{match[1]}")
        above, address = above + (match[2] or ""), address[match.end() :]
    if above:
        return f"{above}/{address}"
    index = INDEX.search(address)
    plain = INDEX.sub("", address)
    return paths.get(plain, plain) + (index[0] if index else "")


def without_comments(values: Any) -> Any:
    """Return a copy without CDKTF's metadata."""
    if isinstance(values, Mapping):
        return {key: without_comments(value) for key, value in values.items() if key != COMMENT}
    return [without_comments(value) for value in values] if isinstance(values, list) else values


def _path(values: Mapping[str, Any]) -> str:
    return str(values.get(COMMENT, {}).get("metadata", {}).get("path", ""))


def _leaves(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{name}/")
        else:
            yield f"{above}{name}", str(value)


def _filled(tree: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for name, key in tree.items():
        if isinstance(key, Mapping):
            filled |= {name: below} if (below := _filled(key, outputs)) else {}
        elif key in outputs:
            filled[name] = outputs[key]
    return filled
