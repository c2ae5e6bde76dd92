"""Terraform's answer to `version`, kept in the environment.

CDKTF's command line asks four times in each of its commands, and loading the library takes longer than the answer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

from terraform_standins import files

_QUESTIONS = (["version", "-json"], ["version"], ["-v"], ["-version"], ["--version"])
# With one of these, Terraform does or prints more.
_MORE = ("TF_CLI_ARGS", "TF_LOG")
# Terraform adds the providers that this file names.
_LOCK = ".terraform.lock.hcl"

Run = Callable[[list[str], int, int], int]
"""Runs Terraform with arguments and two file descriptors, which it closes; returns the exit code."""


def is_question(arguments: list[str], env: Mapping[str, str]) -> bool:
    """Whether the arguments ask for the version alone, so that the answer depends on the library only.

    Without CHECKPOINT_DISABLE, Terraform asks its maker for a newer version.
    """
    more = any(name.startswith(_MORE) for name in env)
    return arguments in _QUESTIONS and "CHECKPOINT_DISABLE" in env and not more and not os.path.exists(_LOCK)


def answer(arguments: list[str], library: str, run: Run, folder: str = sys.prefix) -> int:
    """Print the answer that is kept in `folder`, or else Terraform's, and return the exit code."""
    path = os.path.join(folder, f"terraform {' '.join(arguments)}")
    status = os.stat(library)
    key = f"{library} {status.st_size} {status.st_mtime_ns}\n".encode()
    try:
        with open(path, "rb") as file:
            if file.readline() == key:
                _write(sys.stdout.fileno(), file.read())
                return 0
    except FileNotFoundError:
        pass
    # What is printed fits into pipes.
    (output, stdout), (errors, stderr) = os.pipe(), os.pipe()
    code = run(arguments, stdout, stderr)
    with open(output, "rb") as printed, open(errors, "rb") as said:
        text, complaint = printed.read(), said.read()
    _write(sys.stdout.fileno(), text)
    _write(sys.stderr.fileno(), complaint)
    if code == 0 and not complaint:
        # It may be an environment that this user may not write to.
        with suppress(OSError):
            files.write(path, key + text, 0o644)
    return code


def _write(descriptor: int, text: bytes) -> None:
    while text:
        text = text[os.write(descriptor, text) :]
