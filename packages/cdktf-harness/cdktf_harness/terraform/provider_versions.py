"""Let a stack require any version of the bundled providers, whose arguments are those of one version.

Each start of Terraform imports this (see `backend`), so it imports few modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from terraform_standins.serving.releases import Release, bundled

# A version constraint's operator and major version (Terraform, "Version Constraints").
_CONSTRAINT = re.compile(r"(?:^|,)\s*([<>=!~]*)\s*v?(\d+)")


def replaced(stack: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the `required_providers` of a synthesized stack that are bundled, with the bundled version."""
    return {name: {"source": release.source, "version": release.version} for name, release, _ in _required(stack)}


def different(stack: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each bundled provider of which the stack requires another major version."""
    for _, release, wanted in _required(stack):
        bundled_major = int(release.version.partition(".")[0])
        for operator, major in _CONSTRAINT.findall(wanted):
            exact = operator in ("", "=", "~>") and int(major) != bundled_major
            if exact or (operator.startswith("<") and int(major) <= bundled_major):
                yield f"requires {release.source} {wanted}; the bundled one has the arguments of {release.version}"


def _required(stack: Mapping[str, Any]) -> Iterator[tuple[str, Release, str]]:
    required = stack.get("terraform", {}).get("required_providers", {})
    for name, given in required.items() if isinstance(required, dict) else ():
        # Only a version, in stacks of old versions.
        provider = given if isinstance(given, dict) else {"version": given}
        if release := bundled(str(provider.get("source", name))):
            yield name, release, str(provider.get("version", ""))
