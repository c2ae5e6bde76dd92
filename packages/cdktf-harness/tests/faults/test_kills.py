"""After a stop or kill of any process at any time, the next `up` converges, and `down` leaves nothing."""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from signal import Signals
from typing import NamedTuple

import psutil
import pytest
from commands.running import Command, until

from cdktf_harness.cloud.injected import Fault
from cdktf_harness.project.errors import CommandFailed

from .campaign import Campaign
from .conftest import Tell

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
TARGETS = ("terraform", "command", "provider", "cdktf", "cloud")
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
# Each call is held twice, and each process gets each signal twice.
AT_CALLS = list(zip(CALLS * 2, HITS + HITS[7:] + HITS[:7], strict=True))
FILES = ("cloud/cloud.json", "environment.json", "*/stacks/three/cdk.tf.json", "state/*.tfstate", "outputs.json")
LINES = ("Embedded cloud", "Initializing the backend", "Plan: 3 to add", "Creation complete", "Apply complete!")
AT_EVENTS = list(zip([*FILES, *LINES], cycle(SIGNALS), strict=False))


@pytest.fixture
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """The app, not deployed yet; in a folder whose path is short enough for sockets in it."""
    folder = tmp_path_factory.mktemp("kill")
    return Campaign(folder / "app", folder / "tmp")


def converges(campaign: Campaign, tried: Tell, what: Hit) -> None:
    """Say whether all is well after one more `up`, and nothing is left after `down`."""
    converged = False
    try:
        campaign.assert_quiet()
        campaign.run("up")
        campaign.assert_agreement()
        campaign.run("down")
        campaign.assert_gone()
        converged = True
    finally:
        tried(f"{what.signal.name} of {what.target}", 1, int(converged))
        if not converged:
            campaign.command("down").wait()


def hit_at_call(campaign: Campaign, tried: Tell, call: Call, hit: Hit) -> None:
    """Hit a process while a call is held."""
    if call.days != 3:
        campaign.run("up")
        campaign.change(call.days)
    with campaign.faults.on(call.name, call.fault, seconds=HELD_SECONDS) as held:
        command = campaign.command("up")
        held.wait(120)
        campaign.process(hit.target, command).send_signal(hit.signal)
        command.wait()
    converges(campaign, tried, hit)


def test_terraform_is_killed_between_a_creation_and_its_note_of_it(campaign: Campaign, tried: Tell) -> None:
    """What was made is not in its state."""
    call, hit = CALLS[0], Hit("terraform", signal.SIGKILL)
    with (
        campaign.faults.on(call.name, call.fault, seconds=HELD_SECONDS) as held,
        ThreadPoolExecutor(1) as pool,
    ):
        applied = pool.submit(campaign.apply)
        held.wait(120)
        campaign.process(hit.target).send_signal(hit.signal)
        assert isinstance(applied.exception(), CommandFailed)
    converges(campaign, tried, hit)


@pytest.mark.faults
@pytest.mark.parametrize(("call", "hit"), AT_CALLS, ids=lambda value: "-".join(map(str, value)))
def test_while_a_call_is_held(campaign: Campaign, tried: Tell, call: Call, hit: Hit) -> None:
    """Each process, by each signal, while it waits for the cloud."""
    hit_at_call(campaign, tried, call, hit)


@pytest.mark.faults
@pytest.mark.parametrize(("event", "sig"), AT_EVENTS)
def test_the_command_is_hit_when_something_happens(campaign: Campaign, tried: Tell, event: str, sig: Signals) -> None:
    """When a file appears, or a line is printed."""
    command = campaign.command("up", "--verbose")
    happened = _appeared(campaign, event) if event in FILES else _printed(command, event)
    until(lambda: happened() or command.process.poll() is not None, event)
    command.signal(sig)
    command.wait()
    converges(campaign, tried, Hit("command", sig))


@pytest.mark.faults
@pytest.mark.parametrize("sig", SIGNALS)
def test_down_is_hit_when_the_cloud_has_ended(campaign: Campaign, tried: Tell, sig: Signals) -> None:
    """What it had not removed by then is removed by the next one."""
    campaign.run("up")
    cloud = psutil.Process(campaign.cloud_pid)
    command = campaign.command("down")
    until(lambda: not cloud.is_running() or cloud.status() == psutil.STATUS_ZOMBIE, "end of the cloud")
    if command.process.poll() is None:
        command.signal(sig)
    command.wait()
    converges(campaign, tried, Hit("down", sig))


def _appeared(campaign: Campaign, pattern: str) -> Callable[[], bool]:
    return lambda: any(campaign.local.glob(pattern))


def _printed(command: Command, text: str) -> Callable[[], bool]:
    return lambda: any(text in line for line in command.lines)
