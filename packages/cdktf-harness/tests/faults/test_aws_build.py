"""A build for AWS turns out to run programs of another architecture, on a machine that cannot run them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from engine.programs import ALONE_WITHOUT_EMULATORS, python
from engine.test_emulation import OTHER

from cdktf_harness.docker.engine import Engine

from .conftest import Tell

pytestmark = [
    pytest.mark.docker,
    pytest.mark.faults,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root starts an engine"),
]
PROGRAM = """
from pathlib import PosixPath
from faults import alone_on_aws
alone_on_aws.deploy({folder!r}, {architecture!r})
"""


def test_a_build_is_done_again_with_emulation(
    docker_engine: Engine, tmp_path_factory: pytest.TempPathFactory, tried: Tell
) -> None:
    """The first one fails, QEMU is registered, the second one is deployed."""
    if not all(map(shutil.which, ("unshare", "dockerd"))) or not list(Path("/usr/lib/binfmt.d").glob("qemu-*.conf")):
        pytest.skip("needs unshare, dockerd and QEMU's user emulation")
    # With a path that is short enough for sockets in it.
    folder = tmp_path_factory.mktemp("aws")
    program = PROGRAM.format(folder=folder, architecture=OTHER[docker_engine.architecture])
    said = python(program, *ALONE_WITHOUT_EMULATORS)
    if not said:
        pytest.skip("this kernel has no emulators of its own for a user namespace")
    well = said.endswith("deployed and destroyed")
    tried("build for AWS without emulation", 1, int(well))
    assert well, said
