"""Emulation of another architecture, so that the kernel runs containers of images built for it."""

from __future__ import annotations

import os
import struct
import tarfile
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from cdktf_harness.docker import archive, host
from cdktf_harness.docker.engine import Engine
from cdktf_harness.docker.host import Report, silent
from cdktf_harness.system import user_cache
from cdktf_harness.system.errors import CommandFailed, HarnessError

_BINFMT = Path("/proc/sys/fs/binfmt_misc")
_RULES = Path("/usr/lib/binfmt.d")
INSTALL_QEMU = "install QEMU's user emulation (docker run --privileged --rm tonistiigi/binfmt --install all)"


@dataclass(frozen=True)
class _Architecture:
    """An architecture: its name in QEMU, its ELF `e_machine`, and its machine code for exit(0)."""

    qemu: str
    elf_machine: int
    exit_code: bytes


_ARCHITECTURES = {
    # mov x0, 0; mov x8, 93 (exit); svc 0
    "arm64": _Architecture("aarch64", 183, bytes.fromhex("000080d2a80b80d2010000d4")),
    # xor edi, edi; mov eax, 60 (exit); syscall
    "amd64": _Architecture("x86_64", 62, bytes.fromhex("31ffb83c0000000f05")),
}


def ensure_platform(engine: Engine, architecture: str, report: Report = silent) -> None:
    """Make the engine run containers of `architecture` (`arm64` or `amd64`); fast if it does already.

    If it does not, install QEMU and register it with the kernel, which needs root on Debian 12 or newer.

    Raises HarnessError if the architecture is unknown, or the engine cannot run it.
    """
    if architecture not in _ARCHITECTURES:
        known = " or ".join(sorted(_ARCHITECTURES))
        raise HarnessError(f"images of the architecture {architecture!r} cannot be built: use {known}")
    if engine.architecture == architecture or _is_registered(engine, architecture):
        return
    with user_cache.lock("emulation"):
        if _runs(engine, architecture):
            return
        here = _is_here(engine)
        if not (here and host.can_install()):
            whose, way = ("This", f", or {host.how_to_install()}") if here else ("The engine's", "")
            raise HarnessError(f"{whose} machine cannot run {architecture} images; {INSTALL_QEMU}{way}")
        _register(_ARCHITECTURES[architecture].qemu, report)
        if not _runs(engine, architecture):
            raise HarnessError(
                f"Containers of {architecture} do not start although QEMU is registered; check "
                f"{_BINFMT}/qemu-{_ARCHITECTURES[architecture].qemu}"
            )


def can_run(engine: Engine, architecture: str) -> bool:
    """Return whether the engine runs containers of `architecture` as it is. Raises HarnessError."""
    return engine.architecture == architecture or _is_registered(engine, architecture) or _runs(engine, architecture)


def _is_here(engine: Engine) -> bool:
    """Return whether the engine runs on this machine's kernel, not in a virtual machine or on another host."""
    return engine.host.startswith("unix://") and engine.info["KernelVersion"] == os.uname().release


def _is_registered(engine: Engine, architecture: str) -> bool:
    """Return whether emulation is registered for containers: with flag F the kernel keeps the emulator open.

    Source: https://docs.kernel.org/admin-guide/binfmt-misc.html
    """
    try:
        rule = (_BINFMT / f"qemu-{_ARCHITECTURES[architecture].qemu}").read_text()
    except OSError:
        return False
    fields = dict(line.partition(" ")[::2] for line in rule.splitlines())
    return _is_here(engine) and "enabled" in fields and "F" in fields.get("flags:", "")


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


def _runs(engine: Engine, architecture: str) -> bool:
    """Run a minimal program in a container: the only way to test the kernel of a virtual machine."""
    from docker.errors import APIError, ContainerError, ImageNotFound

    tag = f"cdktf-harness/exit:{architecture}"
    try:
        engine.client.images.get(tag)
    except ImageNotFound:
        with tempfile.TemporaryDirectory(prefix="cdktf-harness-") as folder:
            layer = Path(folder) / "layer.tar"
            with tarfile.open(layer, "w") as out:
                program = _exit_program(_ARCHITECTURES[architecture])
                entry = tarfile.TarInfo("exit")
                entry.size, entry.mode = len(program), 0o755
                out.addfile(entry, BytesIO(program))
            config = {"Entrypoint": ["/exit"]}
            archive.load(engine.client, layer=layer, tag=tag, architecture=architecture, config=config)
    try:
        engine.client.containers.run(tag, platform=f"linux/{architecture}", network_mode="none", remove=True)
    except (ContainerError, APIError) as error:
        # The kernel's error for a program of another architecture; the shim of some engines fails without it.
        if isinstance(error, ContainerError) or "exec format error" in str(error).lower():
            return False
        raise HarnessError(f"The Docker engine cannot start a container: {error.explanation}") from error
    return True


def _exit_program(architecture: _Architecture) -> bytes:
    """Return a static ELF64 executable that ends with exit code 0: a header, a segment, a few instructions."""
    base, headers = 0x400000, 64 + 56
    size = headers + len(architecture.exit_code)
    # 64 bits, little endian, version 1; ET_EXEC; one program header.
    fields = (2, architecture.elf_machine, 1, base + headers, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    elf_header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", *fields)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, size, size, 0x10000)  # PT_LOAD, readable, executable
    return elf_header + segment + architecture.exit_code
