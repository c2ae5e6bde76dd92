"""The releases of the real providers whose schemas are bundled."""

from __future__ import annotations

from typing import NamedTuple


class Release(NamedTuple):
    """One release of a provider."""

    namespace: str
    name: str
    version: str

    @property
    def source(self) -> str:
        """The address of the provider in Terraform's registry, without the host."""
        return f"{self.namespace}/{self.name}"


RELEASES = (
    Release("hashicorp", "aws", "6.25.0"),
    Release("kreuzwerker", "docker", "4.5.0"),
    Release("hashicorp", "archive", "2.7.1"),
    Release("hashicorp", "local", "2.6.1"),
    Release("hashicorp", "null", "3.2.4"),
    Release("hashicorp", "random", "3.7.2"),
    Release("hashicorp", "time", "0.13.1"),
)

# The host and the namespace are optional in a `source`.
_DEFAULTS = ("registry.terraform.io/", "hashicorp/")


def bundled(source: str) -> Release | None:
    """Return the bundled release of the provider with this `source` in Terraform's `required_providers`."""
    for default in _DEFAULTS:
        source = source.removeprefix(default)
    return next((release for release in RELEASES if release.source.removeprefix(_DEFAULTS[1]) == source), None)
