"""How a patch replaces a function of ministack."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def replaces(module: Any, *names: str) -> Callable[[F], F]:
    """Replace functions of `module`; the first argument of the decorated function is the original."""

    def replace(function: F) -> F:
        for name in names:
            setattr(module, name, partial(function, getattr(module, name)))
        return function

    return replace
