"""Images of another architecture run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from cdktf_harness.docker.emulation import ensure_platform
from cdktf_harness.docker.engine import Engine
from cdktf_harness.system.errors import HarnessError

from .programs import python

OTHER = {"amd64": "arm64", "arm64": "amd64"}
# A program for arm64 that ends with exit code 0: the header of an ELF file, of its only segment, and three instructions
# (mov x0, 0; mov x8, 93; svc 0).
PROGRAM = bytes.fromhex(
    "7f454c46020101000000000000000000"
    "0200b700010000007800400000000000"
    "40000000000000000000000000000000"
    "00000000400038000100000000000000"
    "01000000050000000000000000000000"
    "00004000000000000000400000000000"
    "84000000000000008400000000000000"
    "0000010000000000000080d2a80b80d2"
    "010000d4"
)


def test_the_other_architecture_runs(engine: Engine) -> None:
    """Once it is emulated, a second call does nothing; tests of images run its programs."""
    other = OTHER[engine.architecture]
    ensure_platform(engine, other)
    progress: list[str] = []
    for architecture in (other, engine.architecture):
        ensure_platform(engine, architecture, progress.append)
    assert progress == []
    with pytest.raises(HarnessError, match=r"'sparc' cannot be built: use arm64 or x86_64$"):
        ensure_platform(engine, "sparc")


def test_an_emulator_is_registered_with_the_kernel(engine: Engine, tmp_path: Path) -> None:
    """A program of the other architecture is refused before, and runs afterwards."""
    ensure_platform(engine, "arm64")
    if os.geteuid() != 0 or not shutil.which("unshare") or not Path("/usr/lib/binfmt.d/qemu-aarch64.conf").exists():
        pytest.skip("needs root and QEMU's user emulation")
    program = f"""
import subprocess
from pathlib import Path
from cdktf_harness.docker import emulation

program = Path({str(tmp_path)!r}) / "exit"
program.write_bytes({PROGRAM!r})
program.chmod(0o755)
try:
    subprocess.run([program], check=True)
except OSError as error:
    print(error.strerror)
emulation._register("aarch64", lambda line: None)
print(subprocess.run([program]).returncode)
emulation._register("aarch64", lambda line: None)
"""
    # Since Linux 6.7 a user namespace has emulators of its own; before, this mounts the machine's.
    own = "/proc/sys/fs/binfmt_misc"
    script = f'mount -t binfmt_misc none {own}; test ! -e {own}/qemu-aarch64 || exit 0; exec "$@"'
    unshare = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", script, "sh"]
    lines = python(program, *unshare).splitlines()
    if not lines:
        pytest.skip("this kernel has no emulators of its own for a user namespace")
    assert lines == ["Exec format error", "0"]
