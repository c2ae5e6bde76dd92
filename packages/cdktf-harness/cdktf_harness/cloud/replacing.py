"""How a patch replaces functions of ministack, at once or when ministack imports the module.

Some modules take longer to import than all that a start needs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def replaces(module: Any, *names: str) -> Callable[[F], F]:
    """Replace functions of `module`; the first argument of the decorated function is the original."""

    def replace(function: F) -> F:
        for name in names:
            setattr(module, name, partial(function, getattr(module, name)))
        return function

    return replace


class _Changed(MetaPathFinder):
    def __init__(self, name: str, change: Callable[[Any], None]) -> None:
        self._name, self._change = name, change

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        finders = sys.meta_path[sys.meta_path.index(self) + 1 :]
        found = (finder.find_spec(fullname, path, target) for finder in finders)
        spec: ModuleSpec | None = next(filter(None, found), None)
        if not spec or not spec.loader:
            return spec
        load = spec.loader.exec_module

        def load_changed(module: Any) -> None:
            load(module)
            self._change(module)

        spec.loader.exec_module = load_changed  # type: ignore[method-assign]
        return spec


def change_service(name: str, change: Callable[[Any], None]) -> None:
    """Call `change` with the module of a service of ministack after its import."""
    sys.meta_path.insert(0, _Changed(f"ministack.services.{name}", change))
