"""What belongs to the whole machine: its package manager, and locks between processes that change it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from cdktf_harness.project.errors import CommandFailed, HarnessError

Report = Callable[[str], None]
"""Gets one line of progress at a time."""

INSTALL = "CDKTF_HARNESS_INSTALL"
"""A variable: with the value 0, nothing is installed on the machine."""
_APT = ("apt-get", "--quiet", "--option=DPkg::Lock::Timeout=300")


def silent(line: str) -> None:
    """Drop a line of progress."""


def cache() -> Path:
    """Return the folder, made when it is new, of what all projects of this user share."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cdktf-harness"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def lock(name: str, on_acquired: Callable[[int], None] | None = None) -> FileLock:
    """Return the lock, shared by all processes of this user, that guards `name`.

    `on_acquired` gets its descriptor, for a child that is to have it too.
    """
    return FileLock(cache() / f"{re.sub(r'[^a-z0-9.]+', '-', name)}.lock", on_acquired=on_acquired)


def is_root() -> bool:
    """Tell whether this process may install packages and start services."""
    return os.geteuid() == 0


def debian() -> int | None:
    """Return the major version of Debian that this machine runs, or nothing when it is another system."""
    release = Path("/etc/os-release")
    fields = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', release.read_text(), re.M)) if release.exists() else {}
    version = fields.get("VERSION_ID", "")
    return int(version) if fields.get("ID") == "debian" and version.isdigit() else None


def can_install() -> bool:
    """Tell whether `install` can work here, root on Debian 12 or newer, and may."""
    return is_root() and _installs_here() and os.environ.get(INSTALL) != "0"


def how_to_install() -> str:
    """What a user can do where `can_install` says no, as the end of a sentence."""
    return f"unset {INSTALL}" if is_root() and _installs_here() else "run as root on Debian 12+"


def _installs_here() -> bool:
    return (debian() or 0) >= 12


def install(*packages: str, report: Report = silent) -> None:
    """Install Debian packages, with what they depend on and nothing that they merely recommend.

    Errors: `HarnessError` where nothing can or may be installed, `CommandFailed` with the end of apt's output.
    """
    if not can_install():
        raise HarnessError(f"Install {' '.join(packages)}, or {how_to_install()}")
    with lock("apt"):
        report(f"Installing {' '.join(packages)} ({INSTALL}=0 prevents that)")
        command = (*_APT, "install", "--yes", "--no-install-recommends", *packages)
        try:
            run(*command)
        except CommandFailed:
            # A bare machine has no package lists, a neglected one has stale ones.
            run(*_APT, "update")
            run(*command)


def run(*command: str) -> str:
    """Run a program to its end and return what it printed.

    Errors: `HarnessError` when it is not installed, `CommandFailed` when it ends with an error.
    """
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        )
    except FileNotFoundError:
        raise HarnessError(f"{command[0]} is not installed; install it and run again") from None
    if done.returncode:
        last = (done.stdout.strip().splitlines() or ["(no output)"])[-1]
        raise CommandFailed(f"{' '.join(command)} failed: {last}", tail=done.stdout[-4000:])
    return done.stdout
