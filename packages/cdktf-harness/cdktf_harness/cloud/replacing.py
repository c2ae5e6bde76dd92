"""How a patch replaces functions of ministack, at once or when ministack imports the module.

Some modules take longer to import than all that a start needs.
"""

from __future__ import annotations

import copy
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def replaces(where: Any, *names: str) -> Callable[[F], F]:
    """Replace functions of a module or a table; the first argument of the decorated function is the original."""
    table = where if isinstance(where, dict) else vars(where)

    def replace(function: F) -> F:
        for name in names:
            table[name] = partial(function, table[name])
        return function

    return replace


def refuses(where: Any, *names: str) -> Callable[[F], F]:
    """Check the arguments of functions first; the decorated function returns the error, or None."""

    def replace(check: F) -> F:
        replaces(where, *names)(lambda original, *given: check(*given) or original(*given))
        return check

    return replace


def keeps(service: Any, name: str, store: Any) -> None:
    """Let a service save, load and empty `store` with its own state."""
    get, load, reset = service.get_state, service.load_persisted_state, service.reset

    def load_with_store(data: Any) -> Any:
        store.update((data or {}).get(name, {}))
        return load(data)

    service.get_state = lambda: {**get(), name: copy.deepcopy(store)}
    service.load_persisted_state = load_with_store
    service.reset = lambda: (store.clear(), reset())


def extended(answer: Any, element: str, more: Callable[[str], str]) -> Any:
    """Return an answer in XML in which `more`, called with the content of each `element`, follows that."""
    status, headers, body = answer
    pattern = rf"<{element}>([^<]+)</{element}>"
    return status, headers, re.sub(pattern, lambda found: found[0] + more(found[1]), body.decode()).encode()


class _Changed(MetaPathFinder):
    def __init__(self, name: str, change: Callable[[Any], object]) -> None:
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


def change_service(name: str, change: Callable[[Any], object]) -> None:
    """Call `change` with the module of a service of ministack as soon as that is imported."""
    name = f"ministack.services.{name}"
    if name in sys.modules:
        change(sys.modules[name])
    else:
        sys.meta_path.insert(0, _Changed(name, change))
