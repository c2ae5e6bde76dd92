"""The releases of the real providers that the mirror offers."""

from __future__ import annotations

import re
from importlib.metadata import distributions
from itertools import product
from typing import NamedTuple


class Release(NamedTuple):
    """One release of a provider."""

    namespace: str
    name: str
    version: str


# The releases of the bundled schemas.
RELEASES = (Release("hashicorp", "aws", "6.25.0"), Release("kreuzwerker", "docker", "4.5.0"))

# Pre-built bindings of CDKTF and of its fork; their description names the provider's release.
_BINDINGS = ("cdktf-cdktf-provider-", "cdktn-provider-")


def wanted() -> tuple[Release, ...]:
    """The bundled releases, and those that the bindings in this environment require.

    An app requires exactly the release of its bindings. For any release, the bundled providers have the schemas of
    6.25.0 and 4.5.0; newer arguments are refused.
    """
    found = dict.fromkeys(RELEASES)
    for (namespace, name, _), prefix in product(RELEASES, _BINDINGS):
        for distribution in distributions(name=f"{prefix}{name}"):
            text = distribution.read_text("METADATA") or ""
            address = re.search(rf"registry\.terraform\.io/providers/{namespace}/{name}/(\d+\.\d+\.\d+)\b", text)
            found |= {Release(namespace, name, address[1]): None} if address else {}
    return tuple(found)
