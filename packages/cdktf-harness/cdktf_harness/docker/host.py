"""This machine: its package manager."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from cdktf_harness.system import programs, user_cache
from cdktf_harness.system.errors import CommandFailed, HarnessError

Report = Callable[[str], None]
"""Receives one line of progress."""

INSTALL = "CDKTF_HARNESS_INSTALL"
"""A variable: 0 prevents installing packages on the machine."""
_ROOTS_PROGRAMS = "/usr/local/sbin:/usr/sbin:/sbin"
_APT = ("apt-get", "--quiet", "--option=DPkg::Lock::Timeout=300")


def silent(line: str) -> None:
    """Drop a line of progress."""


def path() -> str:
    """Return PATH with the folders of root's programs, which Debian's `su` omits."""
    return os.pathsep.join(filter(None, [os.environ.get("PATH"), _ROOTS_PROGRAMS]))


def has(program: str) -> bool:
    """Return whether a program is installed."""
    return shutil.which(program, path=path()) is not None


def is_root() -> bool:
    """Return whether this process may install packages and start services."""
    return os.geteuid() == 0


def debian() -> int | None:
    """Return the major version of Debian on this machine, or None if it is another system."""
    release = Path("/etc/os-release")
    fields = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', release.read_text(), re.M)) if release.exists() else {}
    version = fields.get("VERSION_ID", "")
    return int(version) if fields.get("ID") == "debian" and version.isdigit() else None


def can_install() -> bool:
    """Return whether `install` is possible (root on Debian 12 or newer) and allowed."""
    return is_root() and _installs_here() and os.environ.get(INSTALL) != "0"


def how_to_install() -> str:
    """Return what to do if `can_install` is false, as the end of a sentence."""
    return f"unset {INSTALL}" if is_root() and _installs_here() else "run as root on Debian 12+"


def _installs_here() -> bool:
    return (debian() or 0) >= 12


def install(*packages: str, report: Report = silent) -> None:
    """Install Debian packages and their dependencies, without recommended packages.

    Raises HarnessError if installing is not possible or not allowed, CommandFailed if apt fails.
    """
    if not can_install():
        raise HarnessError(f"Install {' '.join(packages)}, or {how_to_install()}")
    with user_cache.lock("apt"):
        report(f"Installing {' '.join(packages)} ({INSTALL}=0 prevents that)")
        command = (*_APT, "install", "--yes", "--no-install-recommends", *packages)
        try:
            run(*command)
        except CommandFailed:
            # The package lists may be missing or outdated.
            run(*_APT, "update")
            run(*command)


def run(*command: str) -> str:
    """Run a program to its end and return its output.

    Raises HarnessError if it is not installed, CommandFailed if its exit code is not 0.
    """
    env = {**os.environ, "PATH": path(), "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    try:
        return programs.run(command, cwd=Path.cwd(), env=env)
    except CommandFailed as error:
        last = (error.output.strip().splitlines() or ["(no output)"])[-1]
        raise CommandFailed(f"{' '.join(command)} failed: {last}", tail=error.tail, output=error.output) from None
