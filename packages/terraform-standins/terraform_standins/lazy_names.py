"""Names of a package that are imported when they are used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy(package: str, homes: Mapping[str, str], root: str = "") -> Callable[[str], Any]:
    """Return the `__getattr__` of `package`; `homes` maps each name to its module below `root`, default: `package`."""

    def get(name: str) -> Any:
        if name in homes:
            return getattr(import_module(f"{root or package}.{homes[name]}"), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return get
