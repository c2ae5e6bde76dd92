"""Many requests, deployments and edits: no errors, no growth, no leftovers."""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from commands.running import at_work, until
from watch.watching import Watching

from cdktf_harness.cloud.process_record import MODULE
from cdktf_harness.deployment.requests import Http
from cdktf_harness.docker import leftovers
from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import Deployed

from .alone import live
from .conftest import Say, Tell
from .machines import Alone

pytestmark = [pytest.mark.faults, pytest.mark.docker]

# A fraction of the work, to try the test: SOAK=0.01 make faults.
SHARE = float(os.environ.get("SOAK", "1"))
CLIENTS, ROUNDS, CYCLES, EDITS = 32, 10, round(20 * SHARE) or 1, round(200 * SHARE) or 1
# Of each client in each round: no fewer than 10,000 in all.
REQUESTS = round(32 * SHARE) or 1
# For each function that runs: the ways to it, to the engine and back; what Python keeps for a while.
MORE_DESCRIPTORS, MORE_BYTES = 4 * CLIENTS, 150 << 20
# On a busy machine.
CYCLE_SECONDS = 300


class Size(NamedTuple):
    """What a process has open and in memory."""

    descriptors: int
    bytes: int

    @classmethod
    def of(cls, process: psutil.Process) -> Size:
        """Its size now."""
        return cls(process.num_fds(), process.memory_info().rss)

    def __str__(self) -> str:
        return f"{self.descriptors} descriptors and {self.bytes >> 20} MB"

    def assert_bounded(self, later: Size) -> None:
        """It has not grown by more than it may."""
        assert later.descriptors <= self.descriptors + MORE_DESCRIPTORS
        assert later.bytes <= self.bytes + MORE_BYTES


def test_requests_of_many_clients(
    new_deployment: Callable[..., Deployed],
    docker_engine: Engine,
    tried: Tell,
    told: Say,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each is answered well, by containers that stay few, from a cloud that does not grow."""
    # Of this machine's own architecture, so that not QEMU is what is tried; the base images follow the environment.
    architecture = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    monkeypatch.setenv("ONTRA_ARCHITECTURE", architecture)
    # More requests than the API takes by default.
    limits = {"rate_limit": 10000, "burst_limit": 5000}
    deployment = new_deployment(architecture=architecture, timeout_s=29, **limits)
    deployment.answer()
    process = deployment.cloud.process.process
    assert process
    cloud = psutil.Process(process.pid)
    answers, sizes = Counter[str](), [Size.of(cloud)]
    for _ in range(ROUNDS):
        with ThreadPoolExecutor(CLIENTS) as pool:
            answers += sum(pool.map(_answers, [deployment.url] * CLIENTS), Counter[str]())
        until(lambda: not _half_closed(cloud), "end of the clients' connections")
        sizes.append(Size.of(cloud))
    tried(f"request, {CLIENTS} clients at once", answers.total(), answers["200"])
    told(f"cloud before and after each {answers.total() // ROUNDS} requests: {'; '.join(map(str, sizes))}")
    assert set(answers) == {"200"}
    for size in sizes:
        sizes[0].assert_bounded(size)
    instance = deployment.cloud.process.instance
    assert len(leftovers.containers(docker_engine.client, instance, functions=True)) <= CLIENTS


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts an engine")
def test_cycles_of_up_and_down(alone: Alone, tried: Tell) -> None:
    """Each builds; no process, file, container or image is left."""
    done = 0
    try:
        alone(live, CYCLES, seconds=CYCLES * CYCLE_SECONDS)
        done = CYCLES
    finally:
        tried("up and down", CYCLES, done)


def test_edits_that_watch_deploys(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, tried: Tell, told: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is deployed; neither the command nor the cloud grows."""
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setenv("TMPDIR", str(temporary))
    watching = Watching(tmp_path.resolve())
    try:
        watching.await_line("Watching")
        processes = [psutil.Process(watching.process.pid), *_clouds(tmp_path)]
        watching.edit("parts/names.py", 'NAME = "first"\n')
        before = [Size.of(process) for process in processes]
        for number in range(EDITS):
            said = watching.edit("parts/names.py", f'NAME = "name-{number}"\n')
            tried("edit in watch", 1, int("✓" in said))
            assert "(1 added, 1 destroyed)" in said
        after = [Size.of(process) for process in processes]
        for name, had, has in zip(("command", "cloud"), before, after, strict=True):
            told(f"{name} after {EDITS} edits: from {had} to {has}")
            had.assert_bounded(has)
        assert watching.interrupt() == 0
        assert watching.leftovers() == []
    finally:
        watching.interrupt()
        watching.run("down")
    assert list(temporary.iterdir()) == []


def _answers(url: str) -> Counter[str]:
    """How often one client, which sends one request after the other, got which status, with the text of an error."""
    client = Http(url)
    try:
        answers = [client.get() for _ in range(REQUESTS)]
    finally:
        client.close()
    return Counter("200" if answer.status == 200 else f"{answer.status} {answer.data!r}" for answer in answers)


def _half_closed(process: psutil.Process) -> bool:
    """Whether a client has closed a connection that the process has not."""
    return any(connection.status == psutil.CONN_CLOSE_WAIT for connection in process.net_connections("tcp"))


def _clouds(root: Path) -> list[psutil.Process]:
    return [process for process in at_work(root) if MODULE in process.cmdline()]
