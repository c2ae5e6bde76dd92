"""Images of another architecture run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from cdktf_harness.docker import emulation
from cdktf_harness.docker.emulation import ensure_platform
from cdktf_harness.docker.engine import Engine
from cdktf_harness.system.errors import HarnessError

from .programs import python

OTHER = {"amd64": "arm64", "arm64": "amd64"}


def test_the_other_architecture_runs(engine: Engine) -> None:
    """A container of the other architecture succeeds; a second call does nothing."""
    other = OTHER[engine.architecture]
    ensure_platform(engine, other)
    progress: list[str] = []
    for architecture in (other, engine.architecture):
        ensure_platform(engine, architecture, progress.append)
    assert progress == []
    # Makes the image where a kernel that knew the architecture already made it needless.
    assert emulation._runs(engine, other)
    assert engine.client.images.get(f"cdktf-harness/exit:{other}").attrs["Architecture"] == other
    with pytest.raises(HarnessError, match=r"^images of the architecture 'sparc' cannot be built: use amd64 or arm64$"):
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
program.write_bytes(emulation._exit_program(emulation._ARCHITECTURES["arm64"]))
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
