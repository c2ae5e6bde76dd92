"""The engine that the harness started, or what builds and pushes, is stopped or killed: the next `up` answers.

On a machine of the test's own, where no other engine runs. `down` leaves that engine as it was: no container, image,
record of the build cache or lease.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from signal import Signals

import pytest
from engine.programs import ALONE, python

from cdktf_harness.cloud import handover
from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine

from .alone import BUILDING, ENGINE, POINTS
from .conftest import Tell

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
TARGETS = ("provider", "command", "terraform", "cdktf", "cloud")
# Each process at each point, by another signal at each.
AT_BUILDS = [
    (point, target, SIGNALS[(i + j) % 3]) for i, point in enumerate(BUILDING) for j, target in enumerate(TARGETS)
]
pytestmark = [pytest.mark.docker, pytest.mark.skipif(os.geteuid() != 0, reason="only root starts an engine")]
PROGRAM = """
import signal
from pathlib import Path
from faults.alone import hit
hit(Path({folder!r}), Path({base!r}), {point!r}, {target!r}, signal.Signals({sig}))
"""


@pytest.fixture(scope="module")
def base(docker_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of what the app's image is built on."""
    # Looked for now: on a bare machine the engine brought them.
    if not all(map(shutil.which, ("unshare", "dockerd", "ctr"))):
        pytest.skip("needs unshare, dockerd and ctr")
    handover.ensure_image(docker_engine, lambda line: None)
    name = bases.image(docker_engine.client, handover.BASE, docker_engine.architecture)
    archive = tmp_path_factory.mktemp("base") / "base.tar"
    with archive.open("wb") as file:
        file.writelines(docker_engine.client.images.get(name).save(named=name))
    return archive


@pytest.fixture
def hit(base: Path, tmp_path_factory: pytest.TempPathFactory, tried: Tell) -> Callable[[str, str, Signals], None]:
    """Hit a process at a point, on a machine without an engine."""

    def hit(point: str, target: str, sig: Signals) -> None:
        # With a path that is short enough for sockets in it.
        folder, converged = tmp_path_factory.mktemp("alone"), False
        try:
            program = PROGRAM.format(folder=str(folder), base=str(base), point=point, target=target, sig=int(sig))
            python(program, *ALONE)
            converged = True
        finally:
            tried(f"{sig.name} of {target}", 1, int(converged))

    return hit


@pytest.mark.faults
@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("point", POINTS)
def test_the_engine_is_hit(hit: Callable[[str, str, Signals], None], point: str, sig: Signals) -> None:
    """Killed, or stopped in order."""
    hit(point, ENGINE, sig)


@pytest.mark.faults
@pytest.mark.parametrize(("point", "target", "sig"), AT_BUILDS)
def test_what_builds_and_pushes_is_hit(
    hit: Callable[[str, str, Signals], None], point: str, target: str, sig: Signals
) -> None:
    """Each process while the image is built, while a layer and while the manifest is pushed."""
    hit(point, target, sig)
