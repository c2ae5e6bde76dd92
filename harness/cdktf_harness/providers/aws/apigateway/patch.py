"""API Gateway's patch operations: https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html ."""

from __future__ import annotations

from typing import Any

from ...protocol.values import Values, same
from ..model import text


class Patch:
    """The operations that make an object go from `prior` to `planned`."""

    def __init__(self, prior: Values, planned: Values) -> None:
        self._prior, self._planned = prior, planned
        self.operations: list[dict[str, str]] = []

    def replace(self, path: str, name: str, *, null: bool = False) -> None:
        """The argument `name` at `path`; with `null` an empty one is written as no value instead of ""."""
        new = self._planned.get(name)
        if not same(self._prior.get(name), new):
            value = {} if null and not new else {"value": text(new)}
            self.operations.append({"op": "replace", "path": path, **value})

    def members(self, path: str, name: str) -> None:
        """The set `name`: its members are values at `path`."""
        old, new = self._prior.get(name) or [], self._planned.get(name) or []
        for op, some in (("remove", [o for o in old if o not in new]), ("add", [n for n in new if n not in old])):
            self.operations += [{"op": op, "path": path, "value": text(member)} for member in some]

    def entries(self, path: str, name: str, *, values: bool = True) -> None:
        """The map (or the set, `values` False) `name`: its keys are part of the path."""
        old, new = _as_map(self._prior.get(name)), _as_map(self._planned.get(name))
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
