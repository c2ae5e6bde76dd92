"""A digest of code, which tells a command that a process runs an outdated version.

It covers contents and no times, which a checkout of another branch and back changes.
"""

from __future__ import annotations

import hashlib
import os
from importlib.util import find_spec


def digest(*packages: str) -> str:
    """Return the digest of all Python files of installed packages. It takes a millisecond for 50 files."""
    found = hashlib.sha256()
    for package in packages:
        spec = find_spec(package)
        for root in (spec and spec.submodule_search_locations) or ():
            for folder, _, names in sorted(os.walk(root)):
                for name in sorted(names):
                    if name.endswith(".py"):
                        with open(os.path.join(folder, name), "rb") as file:
                            found.update(f"{os.path.relpath(folder, root)}/{name}\n".encode() + file.read())
    return found.hexdigest()
