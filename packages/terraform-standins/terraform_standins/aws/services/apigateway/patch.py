"""API Gateway's patch operations: https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html ."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from ....protocol.schema import Block
from ...model import pairs, text
from ...resource import Aws, AwsResource, Values, first, same

Operation = dict[str, str]


class PatchedResource(AwsResource):
    """An object of API Gateway: an update is a patch of the arguments that differ, with the names of its answers."""

    service = "apigateway"
    nullable: ClassVar[Collection[str]] = ()
    """Arguments that null removes instead of ""."""
    patched: ClassVar[Collection[str]] = ()
    """Arguments that the type's own `operations` handles."""
    members: ClassVar[Collection[str]] = ()
    """Sets whose elements are values at one path; the elements of others are part of the path."""

    def changeable(self) -> Collection[str]:
        if self.calls.update == self.calls.create or not self.calls.updates:
            return super().changeable()
        shape, attributes = self.operation(self.calls.read).output_shape, self.schema.block.attributes
        fixed = {name for name, attribute in attributes.items() if attribute.force_new or not attribute.settable}
        return self._pairs(shape).keys() - {*self.takes(self.calls.updates[0]), *fixed, "id", "tags"}

    def operations(self, aws: Aws, prior: Values, planned: Values) -> list[Operation]:
        """The operations that change the object from `prior` to `planned`."""
        patch, shape = Patch(prior, planned), self.operation(self.calls.read).output_shape
        wanted = {name: path for name, path in self._pairs(shape).items() if name in self.changeable()}
        for name in self.patched:
            wanted.pop(name, None)
        patch.arguments(self.schema.block, shape, wanted, self.nullable, self.members)
        return patch.operations

    def update(self, aws: Aws, prior: Values, planned: Values) -> Values | None:
        if self.calls.update == self.calls.create:
            return super().update(aws, prior, planned)
        if operations := self.operations(aws, prior, planned):
            self.call(aws, self.calls.updates[0], planned, patchOperations=operations)
        return None


class Patch:
    """Collects the operations that change an object from `prior` to `planned`."""

    def __init__(self, prior: Values, planned: Values, path: str = "") -> None:
        self._prior, self._planned, self._path = prior, planned, path
        self.operations: list[Operation] = []

    def arguments(
        self,
        block: Block,
        structure: Any,
        paths: Mapping[str, str],
        nullable: Collection[str] = (),
        members: Collection[str] = (),
    ) -> None:
        """The arguments of a block, by the members of a structure of AWS's API that `paths` has for them."""
        for name, member in paths.items():
            if same(self._prior.get(name), self._planned.get(name)):
                continue
            if name in block.blocks:
                self._block(block.blocks[name].block, structure.members[member], name, member)
            elif name in members:
                self.members(member, name)
            elif isinstance(block.attributes[name].type, list):
                self.entries(member, name, values=block.attributes[name].type[0] == "map")
            else:
                self.replace(member, name, null=name in nullable)

    def _block(self, block: Block, structure: Any, name: str, member: str) -> None:
        path = f"{self._path}/{member}"
        if not self._planned[name]:
            self.operations.append({"op": "remove", "path": path})
            return
        inner = Patch(first(self._prior[name]), first(self._planned[name]), path)
        inner.arguments(block, structure, pairs(block, structure, {}))
        self.operations += inner.operations

    def replace(self, member: str, name: str, *, null: bool = False) -> None:
        """The argument `name` as `member`; with `null` an empty value is null instead of ""."""
        new = self._planned.get(name)
        if not same(self._prior.get(name), new):
            value = {} if null and not new else {"value": text(new)}
            self.operations.append({"op": "replace", "path": f"{self._path}/{member}", **value})

    def members(self, member: str, name: str) -> None:
        """The set `name`: its elements are values at one path."""
        old, new = self._prior.get(name) or [], self._planned.get(name) or []
        for op, some in (("remove", [o for o in old if o not in new]), ("add", [n for n in new if n not in old])):
            self.operations += [{"op": op, "path": f"{self._path}/{member}", "value": text(one)} for one in some]

    def entries(self, member: str, name: str, *, values: bool = True) -> None:
        """The map `name` (or set, if not `values`): its keys are part of the path."""
        old, new = _as_map(self._prior.get(name)), _as_map(self._planned.get(name))
        path = f"{self._path}/{member}"
        for key in old.keys() - new.keys():
            self.operations.append({"op": "remove", "path": f"{path}/{escape(key)}"})
        for key in new:
            if key not in old or old[key] != new[key]:
                operation = {"op": "replace" if key in old else "add", "path": f"{path}/{escape(key)}"}
                self.operations.append({**operation, "value": text(new[key])} if values else operation)


def _as_map(value: Any) -> dict[str, Any]:
    return dict.fromkeys(value) if isinstance(value, list) else value or {}


def escape(key: str) -> str:
    """A key as a part of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
