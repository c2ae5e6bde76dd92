"""Changes to ministack 1.5.33, each to the service that needs it.

Most fix a difference from AWS, so that providers, SDKs and people get AWS's answers from the embedded cloud, and no
stand-in has workarounds; two are for speed and for functions on the host's loopback. Each module names the difference
and the lines of ministack; ministack has a setting for none of them. Delete a module when a newer ministack does not
need it: the tests in `tests/cloud/test_adaptions.py` and, through the stand-ins, `tests/providers/test_*adaptions.py`
show that.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules


def install(port: int) -> None:
    """Apply the changes of all modules here to this process, before it serves on `port`."""
    for name in (module.name for module in iter_modules(__path__)):
        install = import_module(f"{__name__}.{name}").install
        install(port) if name == "lambda_network" else install()
