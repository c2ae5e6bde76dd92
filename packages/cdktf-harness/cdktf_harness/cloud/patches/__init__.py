"""Changes to ministack 1.5.33, each to the service that needs it.

Most fix a difference from AWS, so that providers, SDKs and people get AWS's answers from the embedded cloud, and no
stand-in has workarounds; one is for speed. Each module names the difference and the lines of ministack; ministack has a
setting for none of them. Delete a module when a newer ministack does not need it: through the stand-ins, the tests in
`tests/providers/test_*patches.py` show that.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages


def install() -> None:
    """Apply the changes of all modules here to this process; the import of each applies them."""
    for module in walk_packages(__path__, f"{__name__}."):
        import_module(module.name)
