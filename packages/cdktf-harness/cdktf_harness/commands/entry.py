"""Where `cdktf-harness` starts: from here on an interrupt ends it without a traceback.

What the command line imports takes most of the start, so `main` imports it.
"""

from __future__ import annotations

import signal


def main() -> None:
    """Run the command line. Before it handles interrupts, and after, they end the process as they end other programs.

    Python's own handler would print a traceback in an import and in the clean-up at the exit.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from cdktf_harness.commands import cli

    cli.main()
