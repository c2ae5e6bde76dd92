"""Types that an app adds to the bundled providers: in modules that `types` in its pyproject.toml lists."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from terraform_standins.errors import StandInError

from ..protocol.base import Type
from ..variables import TYPES, TYPES_FOLDER


def with_own(provider: str, bundled: Sequence[type[Type[Any]]]) -> list[type[Type[Any]]]:
    """The bundled types of a provider, then those that the app adds to it.

    Raises StandInError if a module cannot be loaded or has a bundled type.
    """
    types = list(bundled)
    for module in os.environ.get(TYPES, "").split():
        for type_ in _load(module):
            if (type_.kind, type_.type_name) in {(other.kind, other.type_name) for other in types}:
                raise StandInError(
                    f"{module}: the bundled {provider} provider has {type_.kind} {type_.type_name} already: "
                    "remove it from TYPES"
                )
            if type_.type_name.startswith(f"{provider}_"):
                types.append(type_)
    return types


def _load(module: str) -> Sequence[type[Type[Any]]]:
    folder = os.environ[TYPES_FOLDER]
    if folder not in sys.path:
        # Append: a module of the app must not hide one that the providers import.
        sys.path.append(folder)
    # Python would use the bytecode for a later save of the same size and second.
    sys.dont_write_bytecode = True
    try:
        return tuple(import_module(module).TYPES)
    except Exception as error:
        raise StandInError(
            f"cannot load {module}, one of `types` in pyproject.toml: {type(error).__name__}: {error}"
        ) from error
