"""The entry point of `cdktf-harness`, in which an interrupt causes no traceback.

Imports take most of the start, so they are in `main`.
"""

from __future__ import annotations

import gc
import signal


def main() -> None:
    """Run the command line. Before and after it handles interrupts, they end the process without a message.

    Python's handler would print a traceback during an import and at exit.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # What is imported stays: without this, garbage collection takes a tenth of the imports.
    gc.disable()
    from cdktf_harness.commands import cli

    gc.enable()
    cli.main()
