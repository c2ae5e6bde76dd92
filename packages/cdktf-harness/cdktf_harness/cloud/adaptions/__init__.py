"""Changes to ministack 1.5.33, each to the service that needs it.

Most fix a difference from AWS, so that providers, SDKs and people get AWS's answers from the embedded cloud, and no
stand-in has workarounds; one is for speed. Each module names the difference and the lines of ministack; ministack has a
setting for none of them. Delete a module when a newer ministack does not need it: through the stand-ins, the tests in
`tests/providers/test_*adaptions.py` show that.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules


def install() -> None:
    """Apply the changes of all modules here to this process."""
    for name in (module.name for module in iter_modules(__path__)):
        import_module(f"{__name__}.{name}").install()
