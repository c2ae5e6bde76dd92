"""The stand-ins and their types."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from ..protocol.provider_base import Provider
from .own_types import with_own

_MODULES = {
    "aws": "aws.provider",
    "docker": "docker.provider",
    "archive": "utility.archive",
    "local": "utility.local",
    "null": "utility.null",
    "random": "utility.random_",
    "time": "utility.time_",
}
PROVIDERS = tuple(_MODULES)


def load(name: str) -> Provider[Any]:
    """A provider by name, with the types that the app adds; imports only that provider."""
    provider: Provider[Any] = import_module(f"terraform_standins.{_MODULES[name]}").PROVIDER
    provider.with_own = partial(with_own, name)
    return provider


def bundled() -> frozenset[str]:
    """The bundled types by kind: `resource.aws_ecr_repository`. It imports no provider."""
    schemas = Path(__file__).parents[1] / "schemas"
    return frozenset(path.stem for name in PROVIDERS for path in (schemas / name).glob("*.*.json"))


def supported() -> list[str]:
    """One line per type: `resource aws_ecr_repository`. Raises StandInError if a type of the app cannot be used."""
    return [f"{type_.kind} {type_.type_name}" for name in PROVIDERS for type_ in load(name).load_types()]
