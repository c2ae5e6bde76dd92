"""The types of hashicorp/aws, by service."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

from ..type import AwsType

for _module in walk_packages(__path__, f"{__name__}."):
    import_module(_module.name)


def bundled_types(base: type[AwsType] = AwsType) -> Iterator[type[AwsType]]:
    """The classes with a `type_name` in the modules of this package."""
    for type_ in base.__subclasses__():
        if "type_name" in vars(type_) and type_.__module__.startswith(f"{__name__}."):
            yield type_
        yield from bundled_types(type_)
