"""Changes to ministack 1.5.33, each to the service that needs it.

Most fix a difference from AWS, so that providers, SDKs and people get AWS's answers from the embedded cloud, and no
stand-in has workarounds. Each module names the difference and the lines of ministack; ministack has a setting for none
of them. Delete a module when a newer ministack does not need it: through the stand-ins, the tests in
`tests/providers/test_*patches.py` show that.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

from cdktf_harness.cloud.replacing import change_service


def install() -> None:
    """Apply the changes of all modules here to this process; the import of each applies them.

    Folders are imported at once, a file when ministack imports the service that it is named after.
    """
    for module in walk_packages(__path__, f"{__name__}."):
        service = module.name.removeprefix(f"{__name__}.")
        if module.ispkg or "." in service:
            import_module(module.name)
        else:
            change_service(service, lambda _, name=module.name: import_module(name))  # type: ignore[misc]
