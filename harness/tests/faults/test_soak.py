"""Much of the same, for long: no error, and nothing that grows or stays."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from commands.running import at_work
from watch.watching import Watching

from cdktf_harness.cloud.record import MODULE
from cdktf_harness.docker.engine import Engine
from cdktf_harness.testing import Deployed
from cdktf_harness.testing.http import Http

from .campaign import Campaign
from .conftest import Tell

pytestmark = pytest.mark.faults

# A part of it, for who wants to know whether the test works: SOAK=0.01 make faults.
SHARE = float(os.environ.get("SOAK", "1"))
CLIENTS, REQUESTS, CYCLES, EDITS = 32, round(10_000 * SHARE), round(20 * SHARE) or 1, round(200 * SHARE) or 1
# What a connection that idles and Python's memory take for a while, and no leak.
MORE_DESCRIPTORS, MORE_BYTES = 2 * CLIENTS, 150 << 20


class Size(NamedTuple):
    """What a process has open and in memory."""

    descriptors: int
    bytes: int

    @classmethod
    def of(cls, process: psutil.Process) -> Size:
        """Its size now."""
        return cls(process.num_fds(), process.memory_info().rss)

    def assert_bounded(self, later: Size) -> None:
        """It has not grown by more than it may."""
        assert later.descriptors <= self.descriptors + MORE_DESCRIPTORS
        assert later.bytes <= self.bytes + MORE_BYTES


def test_requests_of_many_clients(deployment: Deployed, docker_engine: Engine, tried: Tell) -> None:
    """Each is answered well, by containers that stay few, from a cloud that does not grow."""
    deployment.answer()
    process = deployment.cloud.process.process
    assert process
    cloud = psutil.Process(process.pid)
    before, clients = Size.of(cloud), [Http(deployment.url) for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = pool.map(lambda number: clients[number % CLIENTS].get().status, range(REQUESTS))
        statuses = Counter(answers)
    for client in clients:
        client.close()
    tried(f"request, {CLIENTS} clients at once", REQUESTS, statuses[200])
    assert statuses == {200: REQUESTS}
    before.assert_bounded(Size.of(cloud))
    label = f"ministack.instance={deployment.cloud.process.instance}"
    assert len(docker_engine.client.containers.list(filters={"label": label})) <= CLIENTS


def test_cycles_of_up_and_down(tmp_path_factory: pytest.TempPathFactory, tried: Tell) -> None:
    """Each begins with nothing and leaves nothing: no process, no file."""
    for _ in range(CYCLES):
        folder = tmp_path_factory.mktemp("soak")
        campaign = Campaign(folder / "app", folder / "tmp")
        campaign.run("up")
        campaign.run("down")
        campaign.assert_gone()
        tried("up and down", 1, 1)


def test_edits_that_watch_deploys(tmp_path: Path, tried: Tell) -> None:
    """Each is deployed; neither the command nor the cloud grows."""
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
        for process, size in zip(processes, before, strict=True):
            size.assert_bounded(Size.of(process))
        assert watching.interrupt() == 0
        assert watching.leftovers() == []
    finally:
        watching.interrupt()
        watching.run("down")


def _clouds(root: Path) -> list[psutil.Process]:
    return [process for process in at_work(root) if MODULE in process.cmdline()]
