"""A process is stopped or killed where an image is built, pushed and run: what a test runs on a machine of its own.

There the harness starts the engine, which may be what is hit, and nobody else leaves anything in it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from commands.running import Command, found, until
from docker.models.containers import Container

from cdktf_harness.cloud import lifetime
from cdktf_harness.docker import machine
from cdktf_harness.docker.engine import Engine, ensure_engine, find_engine, started
from cdktf_harness.project.errors import HarnessError

from .campaign import Campaign
from .imaged import STEP, files

# Longer than anything that is done while a call is held.
HELD_SECONDS = 30.0
ENGINE = "engine"
Hit = Callable[[Command], None]


def hit(folder: Path, base: Path, point: str, target: str, sig: int) -> None:
    """Hit a process at a point of the life of a deployment; then the next `up` answers, and `down` leaves nothing.

    `folder` is where all files go, `base` the archive of the image that the app's is built on.
    """
    with _machine(folder, base) as app:
        campaign = Campaign(folder / "app", folder / "tmp", app)
        if target == ENGINE:
            POINTS[point](campaign, lambda command: _hit_engine(sig))
        else:
            POINTS[point](campaign, lambda command: campaign.process(target, command).send_signal(sig))
        campaign.assert_quiet()
        _lives(campaign)


def live(folder: Path, base: Path, times: int) -> None:
    """Bring deployments up and take them down, one after the other; nothing is left."""
    with _machine(folder, base) as app:
        for number in range(times):
            _lives(Campaign(folder / f"app-{number}", folder / f"tmp-{number}", app))


@contextmanager
def _machine(folder: Path, base: Path) -> Iterator[dict[str, str]]:
    """The files of the app; when the block ends, there is in the engine what there was before."""
    os.environ["XDG_CACHE_HOME"] = str(folder)
    os.environ.pop("DOCKER_HOST", None)
    # The run of tests is no process of this machine's.
    lifetime.end_with_this_process()
    processes = _running()
    with _engine() as engine, base.open("rb") as archive:
        (image,) = engine.client.images.load(archive)
        before, app = _inventory(engine), files(image.tags[0], engine.architecture)
    yield app
    with _engine() as engine:
        assert _inventory(engine) == before
    assert [*machine.cache().glob("deployments/*")] == []
    until(lambda: _running() <= processes, "end of all processes")


def _lives(campaign: Campaign) -> None:
    assert "hello" in campaign.run("up").lines
    campaign.assert_nothing_to_change()
    campaign.run("down")
    campaign.assert_gone()


def _building(campaign: Campaign, hit: Hit) -> None:
    with _up(campaign) as command:
        until(lambda: any(STEP in log.read_text() for log in found(campaign.local, "build.log")), "step of the build")
        hit(command)


def _at_call(name: str) -> Callable[[Campaign, Hit], None]:
    def hit_at_call(campaign: Campaign, hit: Hit) -> None:
        with campaign.faults.on(name, "hang", seconds=HELD_SECONDS) as held, _up(campaign) as command:
            held.wait(120)
            hit(command)

    return hit_at_call


def _starting(campaign: Campaign, hit: Hit) -> None:
    with _up(campaign) as command:
        until(started, "engine")
        hit(command)


def _first_request(campaign: Campaign, hit: Hit) -> None:
    with _up(campaign) as command:
        until(_containers, "container of the function")
        hit(command)


def _while_up(campaign: Campaign, hit: Hit) -> None:
    hit(campaign.run("up"))


def _before_down(campaign: Campaign, hit: Hit) -> None:
    hit(campaign.run("up"))
    campaign.run("down")


def _during_down(campaign: Campaign, hit: Hit) -> None:
    campaign.run("up")
    command = campaign.command("down")
    until(lambda: not _containers(), "end of the containers")
    hit(command)
    command.wait()


BUILDING: dict[str, Callable[[Campaign, Hit], None]] = {
    "the build runs": _building,
    "a layer is pushed": _at_call("POST /v2/imaged/blobs/uploads/*"),
    "the manifest is pushed": _at_call("PUT /v2/imaged/manifests/*"),
}
POINTS = {
    "the engine starts": _starting,
    **BUILDING,
    "the function is made": _at_call("lambda:CreateFunction"),
    "the function starts": _first_request,
    "the deployment is up": _while_up,
    "the deployment is to go down": _before_down,
    "the deployment goes down": _during_down,
}


@contextmanager
def _up(campaign: Campaign) -> Iterator[Command]:
    """`up` while the block runs, and to its end, whatever that is."""
    command = campaign.command("up", "--verbose")
    yield command
    command.wait()


def _containers() -> list[Container]:
    """Those that are there, running or not; none before the engine answers."""
    try:
        return find_engine().client.containers.list(all=True, ignore_removed=True)
    except HarnessError:
        return []


def _hit_engine(sig: int) -> None:
    process = started()
    assert process
    os.kill(process.pid, sig)
    until(lambda: not process.alive, "end of the engine")


@contextmanager
def _engine() -> Iterator[Engine]:
    """The engine, which runs while the block does."""
    engine = ensure_engine()
    yield engine
    engine.client.close()
    if process := started():
        process.stop(signal.SIGTERM, seconds=30, group=False)


def _running() -> set[psutil.Process]:
    """All processes, but for those that have ended and whose parent has not asked how."""
    found = set[psutil.Process]()
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                found.add(process)
    return found


def _inventory(engine: Engine) -> dict[str, list[str]]:
    """The names of what is in the engine, except its build cache."""
    client = engine.client
    return {
        "containers": sorted(str(container.name) for container in client.containers.list(all=True)),
        "images": sorted(str(image.id) for image in client.images.list(all=True)),
        "volumes": sorted(str(volume.name) for volume in client.volumes.list()),
        "networks": sorted(str(network.name) for network in client.networks.list()),
    }
