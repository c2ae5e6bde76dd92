"""Emulation of another architecture, so that the kernel runs containers of images built for it."""

from __future__ import annotations

import os
from pathlib import Path

from cdktf_harness.docker import host
from cdktf_harness.docker.engine import Engine
from cdktf_harness.docker.host import Report, silent
from cdktf_harness.system import user_cache
from cdktf_harness.system.errors import CommandFailed, HarnessError

_BINFMT = Path("/proc/sys/fs/binfmt_misc")
_RULES = Path("/usr/lib/binfmt.d")
INSTALL_QEMU = "install QEMU's user emulation (docker run --privileged --rm tonistiigi/binfmt --install all)"
VARIABLES = {"arm64": {"QEMU_CPU": "max,pauth-impdef=on"}}
"""Variables of emulated containers, by their architecture, for QEMU 6.0 or newer: Python starts in 0.4 of the time.

By default, QEMU computes arm64's pointer authentication by the algorithm of the hardware, which is slow.
Source: https://www.qemu.org/docs/master/system/arm/cpu-features.html, "TCG VCPU Features"
"""
# The architectures of image manifests in QEMU's words.
_QEMU = {"arm64": "aarch64", "amd64": "x86_64"}


def ensure_platform(engine: Engine, architecture: str, report: Report = silent) -> None:
    """Make the engine run containers of `architecture` (`arm64` or `amd64`); fast if it does already.

    If it does not, install QEMU and register it with the kernel, which needs root on Debian 12 or newer.

    Raises HarnessError if the architecture is unknown, or the engine cannot run it.
    """
    if architecture not in _QEMU:
        # In the words of Lambda, which settings of an app may be checked for.
        raise HarnessError(f"images of the architecture {architecture!r} cannot be built: use arm64 or x86_64")
    if can_run(engine, architecture):
        return
    with user_cache.lock("emulation"):
        if can_run(engine, architecture):
            return
        if not host.can_install():
            raise HarnessError(
                f"This machine cannot run {architecture} images; {INSTALL_QEMU}, or {host.how_to_install()}"
            )
        _register(_QEMU[architecture], report)


def can_run(engine: Engine, architecture: str) -> bool:
    """Return whether the engine runs containers of `architecture`, as far as can be seen from here.

    An engine in a virtual machine (Docker Desktop, colima) brings emulation. A container that has the engine's socket
    does not see what is registered with the kernel, so it is taken for that.
    """
    unseen = not _is_here(engine) or (not (_BINFMT / "register").exists() and not host.can_install())
    return engine.architecture == architecture or unseen or _is_registered(architecture)


def _is_here(engine: Engine) -> bool:
    """Return whether the engine runs on this machine's kernel, not in a virtual machine or on another host."""
    return engine.host.startswith("unix://") and engine.info["KernelVersion"] == os.uname().release


def _is_registered(architecture: str) -> bool:
    """Return whether emulation is registered for containers: with flag F the kernel keeps the emulator open.

    Source: https://docs.kernel.org/admin-guide/binfmt-misc.html
    """
    try:
        rule = (_BINFMT / f"qemu-{_QEMU[architecture]}").read_text()
    except OSError:
        return False
    fields = dict(line.partition(" ")[::2] for line in rule.splitlines())
    return "enabled" in fields and "F" in fields.get("flags:", "")


def _register(qemu: str, report: Report) -> None:
    rule = _RULES / f"qemu-{qemu}.conf"
    if not rule.exists():
        host.install("qemu-user-static", report=report)
    report(f"Registering emulation of {qemu}")
    try:
        if not (_BINFMT / "register").exists():
            if not host.has("mount"):
                # Not essential in Debian 13.
                host.install("mount", report=report)
            host.run("mount", "-t", "binfmt_misc", "binfmt_misc", str(_BINFMT))
        if not (_BINFMT / f"qemu-{qemu}").exists():
            (_BINFMT / "register").write_bytes(rule.read_bytes().strip())
    except (OSError, CommandFailed) as error:
        raise HarnessError(
            f"Emulation of {qemu} could not be registered with the kernel ({error}); "
            "run where binfmt_misc can be mounted, such as outside of a container"
        ) from error
