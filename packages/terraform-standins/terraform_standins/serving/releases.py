"""Which releases of the real providers the bundled ones stand in for."""

from __future__ import annotations

import re
from importlib.metadata import distributions
from typing import NamedTuple


class Release(NamedTuple):
    """One release of a provider."""

    namespace: str
    name: str
    version: str


# Those whose schemas the bundled providers have.
RELEASES = (Release("hashicorp", "aws", "6.25.0"), Release("kreuzwerker", "docker", "4.5.0"))

# Pre-built bindings, of CDKTF and of its fork, whose description names the release that they were made from.
_BINDINGS = re.compile(r"cdk(?:tf-cdktf|tn)-provider-(?P<name>[a-z0-9-]+)")


def wanted() -> tuple[Release, ...]:
    """The releases to offer: the bundled ones, and those that the bindings in this environment ask Terraform for.

    An app asks for exactly the release of its bindings. Of another one, the bundled providers have what was in 6.25.0
    and 4.5.0 already; a younger argument is refused by name.
    """
    found = dict.fromkeys(RELEASES)
    known = {(release.namespace, release.name) for release in RELEASES}
    for distribution in distributions():
        match = _BINDINGS.fullmatch((distribution.metadata["Name"] or "").replace("_", "-").lower())
        for namespace, name in known if match else ():
            if match and name == match["name"]:
                text = distribution.read_text("METADATA") or ""
                address = re.search(rf"registry\.terraform\.io/providers/{namespace}/{name}/(\d+\.\d+\.\d+)\b", text)
                found |= {Release(namespace, name, address[1]): None} if address else {}
    return tuple(found)
