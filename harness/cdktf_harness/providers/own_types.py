"""Types that an app adds to the bundled providers: modules of its own, which its table in pyproject.toml names."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cdktf_harness.errors import HarnessError

if TYPE_CHECKING:
    from .resource import Type

# Names of modules, with a space between them, and the folder that they are imported from.
TYPES = "CDKTF_HARNESS_TYPES"
TYPES_FOLDER = "CDKTF_HARNESS_TYPES_FOLDER"


def with_own(provider: str, bundled: Sequence[type[Type[Any]]]) -> list[type[Type[Any]]]:
    """The bundled types of a provider, then those that the app adds to it. Raises HarnessError."""
    types = list(bundled)
    for module in os.environ.get(TYPES, "").split():
        for type_ in _load(module):
            if (type_.kind, type_.type_name) in {(other.kind, other.type_name) for other in types}:
                raise HarnessError(
                    f"{module}: the bundled {provider} provider has {type_.kind} {type_.type_name} already: "
                    "take it out of TYPES"
                )
            if type_.type_name.startswith(f"{provider}_"):
                types.append(type_)
    return types


def _load(module: str) -> Sequence[type[Type[Any]]]:
    folder = os.environ[TYPES_FOLDER]
    if folder not in sys.path:
        # Last: no module of the app hides one that the providers need.
        sys.path.append(folder)
    try:
        return tuple(import_module(module).TYPES)
    except Exception as error:
        raise HarnessError(
            f"cannot load {module}, one of `types` in pyproject.toml: {type(error).__name__}: {error}"
        ) from error
