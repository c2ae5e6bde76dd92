"""After a stop or kill of any process at any time, the next `up` converges, and `down` leaves nothing."""

from __future__ import annotations

import signal
from itertools import cycle
from pathlib import Path
from signal import Signals
from typing import NamedTuple

import psutil
import pytest
from commands.running import found, until, write_app

from cdktf_harness.cloud import Fault
from cdktf_harness.cloud.functions import network
from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine

from . import apps
from .campaign import Campaign

TARGETS = ("terraform", "command", "provider", "cloud")
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
# Longer than anything that a test does while it holds a call.
HELD_SECONDS = 30.0


class Hit(NamedTuple):
    """Which process gets which signal."""

    target: str
    signal: Signals


class Call(NamedTuple):
    """A call to the cloud that is held: `hang` before it is done, `late` afterwards; `days` is for an update."""

    name: str
    fault: Fault
    days: int = 3


HITS = [Hit(target, sig) for sig in SIGNALS for target in TARGETS]
CALLS = [
    *[Call(name, "late") for name in ("iam:CreateRole", "logs:CreateLogGroup", "ecr:CreateRepository")],
    *[Call(name, "hang") for name in ("iam:CreateRole", "logs:CreateLogGroup", "ecr:CreateRepository")],
    *[Call("logs:PutRetentionPolicy", fault) for fault in ("late", "hang")],
    *[Call(name, "hang") for name in ("iam:GetRole", "logs:DescribeLogGroups", "ecr:DescribeRepositories")],
    *[Call("logs:PutRetentionPolicy", fault, days=5) for fault in ("late", "hang")],
    *[Call(name, "hang", days=5) for name in ("logs:DescribeLogGroups", "iam:GetRole")],
]
FIRST, *MORE = zip(CALLS * 2, cycle(HITS), strict=False)
FILES = ("cloud/cloud.json", "environment.json", "*/stacks/three/cdk.tf.json", "state/*.tfstate", "outputs.json")
LINES = ("Embedded cloud", "Plan: 3 to add", "Creating...", "Creation complete", "Apply complete!")
AT_EVENTS = list(zip([*FILES, *LINES], cycle(SIGNALS), strict=False))
# The build's own step, or a call that is held.
BUILDING = (
    apps.STEP,
    "POST /v2/imaged/blobs/uploads/*",
    "PUT /v2/imaged/manifests/*",
    "lambda:CreateFunction",
)
AT_BUILDING = [
    (point, Hit(target, SIGNALS[(i + j) % 3])) for i, point in enumerate(BUILDING) for j, target in enumerate(TARGETS)
]


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose path is short enough for sockets in it."""
    return tmp_path_factory.mktemp("kill")


@pytest.fixture
def campaign(folder: Path) -> Campaign:
    """The app, not deployed yet."""
    return Campaign(folder, apps.three())


def converges(campaign: Campaign) -> None:
    """Assert that all is well after one more `up`, and that nothing is left after `down`."""
    try:
        campaign.assert_quiet()
        campaign.run("up")
        campaign.assert_agreement()
    finally:
        campaign.command("down").wait()
    campaign.assert_gone()


def hit_at_call(campaign: Campaign, call: Call, hit: Hit) -> None:
    """Hit a process while a call is held."""
    with campaign.faults.on(call.name, call.fault, seconds=HELD_SECONDS) as held:
        command = campaign.command("up")
        held.wait(120)
        campaign.process(hit.target, command).send_signal(hit.signal)
        command.wait()


@pytest.mark.parametrize(
    ("call", "hit"),
    [FIRST, *(pytest.param(*each, marks=pytest.mark.faults) for each in MORE)],
    ids=lambda value: "-".join(map(str, value)),
)
def test_while_a_call_is_held(campaign: Campaign, call: Call, hit: Hit) -> None:
    """Each process, by each signal, while it waits for the cloud."""
    if call.days != 3:
        campaign.run("up")
        write_app(campaign.root, apps.three(call.days))
    hit_at_call(campaign, call, hit)
    converges(campaign)


@pytest.mark.faults
@pytest.mark.parametrize(("event", "sig"), AT_EVENTS)
def test_the_command_is_hit_when_something_happens(campaign: Campaign, event: str, sig: Signals) -> None:
    """When a file appears, or a line is printed."""
    command = campaign.command("up", "--verbose")

    def happened() -> bool:
        if event in FILES:
            return any(campaign.local.glob(event))
        return any(event in line for line in command.lines)

    until(lambda: happened() or command.process.poll() is not None, event)
    command.signal(sig)
    command.wait()
    converges(campaign)


@pytest.mark.faults
@pytest.mark.parametrize("sig", SIGNALS)
def test_down_is_hit_when_the_cloud_has_ended(campaign: Campaign, sig: Signals) -> None:
    """What it had not removed by then is removed by the next one."""
    campaign.run("up")
    process = campaign.cloud.process
    assert process
    cloud = psutil.Process(process.pid)
    command = campaign.command("down")
    until(lambda: not cloud.is_running() or cloud.status() == psutil.STATUS_ZOMBIE, "end of the cloud")
    if command.process.poll() is None:
        command.signal(sig)
    command.wait()
    converges(campaign)


@pytest.mark.faults
@pytest.mark.docker
@pytest.mark.parametrize(("point", "hit"), AT_BUILDING)
def test_while_an_image_is_built_and_pushed(docker_engine: Engine, folder: Path, point: str, hit: Hit) -> None:
    """No image is left in the engine."""
    network.ensure_helper_image(docker_engine, lambda line: None)
    base = bases.image(docker_engine.client, network.BASE, docker_engine.architecture)
    campaign = Campaign(folder, apps.imaged(base, docker_engine.architecture))
    if point == apps.STEP:
        command = campaign.command("up")
        until(lambda: any(point in log.read_text() for log in found(campaign.local, "build.log")), "step of the build")
        campaign.process(hit.target, command).send_signal(hit.signal)
        command.wait()
    else:
        hit_at_call(campaign, Call(point, "hang"), hit)
    registry = campaign.cloud.registry
    converges(campaign)
    assert docker_engine.client.images.list(filters={"reference": f"{registry}/*"}) == []
