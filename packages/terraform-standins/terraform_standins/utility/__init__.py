"""HashiCorp's providers that call no service."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any

from ..protocol.base import Resource, Type
from ..protocol.provider_base import Provider
from ..protocol.values import Values


class Utility(Provider[None]):
    """A provider without a configuration."""

    protocol = 5
    arguments = ()

    def __init__(self, name: str, *types: type[Type[None]]) -> None:
        self.name = name  # type: ignore[misc]
        self.types = types

    def configure(self, config: Values) -> None:
        """Do nothing."""

    def context(self, values: Values) -> None:
        """There is none."""


class InState(Resource[None]):
    """A resource that only Terraform's state contains."""

    read_after_create = False

    def read(self, context: None, state: Values) -> Values | None:
        """Nothing changes."""
        return {}

    def update(self, context: None, prior: Values, planned: Values) -> Values | None:
        """Nothing more than the state changes."""
        return None

    def delete(self, context: None, state: Values) -> None:
        """Do nothing."""


def digests(content: bytes, prefix: str, sha1: str) -> dict[str, Any]:
    """The arguments with the checksums of a file; `sha1` is the name of that of SHA-1."""
    found = {name: hashlib.new(name, content, usedforsecurity=False) for name in ("md5", "sha1", "sha256", "sha512")}
    values = {f"{prefix}_{sha1 if name == 'sha1' else name}": hash_.hexdigest() for name, hash_ in found.items()}
    encoded = {f"{prefix}_base64{name}": b64encode(found[name].digest()).decode() for name in ("sha256", "sha512")}
    return {**values, **encoded, "id": found["sha1"].hexdigest()}
