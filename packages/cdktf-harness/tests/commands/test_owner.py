"""One command at a time works on a deployment, and the next one finds all processes of the last."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from cdktf_harness.cloud import Cloud

from .running import Command, at_work, succeed, until

LOCAL = ".cdktf-harness/local"


def assert_private(folder: Path) -> None:
    """What a deployment keeps is for its owner only; the stacks and launchers in their folders keep their modes."""
    Cloud(folder / "cloud").stop()
    assert [path for path in [folder, *folder.iterdir()] if path.stat().st_mode & 0o077] == []
    files = [*folder.glob("state/**/*"), *folder.glob("cloud/state/**/*"), *folder.glob("cloud/*")]
    assert {path.name for path in files} >= {"terraform.hello.tfstate", "cloud.log", "ecr.json"}
    assert [path for path in files if path.stat().st_mode & 0o077] == []


def test_the_second_of_two_commands_waits_for_the_first(app: Path) -> None:
    """Started at the same moment in a fresh clone, both deploy, one after the other, to one cloud."""
    both = [Command(app, "up"), Command(app, "up")]
    assert [command.wait() for command in both] == [0, 0], "\n".join(command.output for command in both)
    said = [line for command in both for line in command.lines if "works on this deployment" in line]
    numbers = [str(command.process.pid) for command in both]
    assert said in [
        [f"`cdktf-harness up` (process {n}) works on this deployment: waiting for its end"] for n in numbers
    ]
    assert len(at_work(app)) == 1
    assert_private(app / LOCAL)


def test_a_cloud_is_not_lost_with_the_command_that_started_it(app: Path) -> None:
    """The command is killed as soon as there is a process; the next one waits for its record and finds it."""
    up = Command(app, "up")
    until(lambda: at_work(app / LOCAL / "cloud"), "cloud")
    up.signal(signal.SIGKILL)
    up.wait()
    succeed(app, "down")
    assert at_work(app) == []


def test_the_process_of_an_old_record_is_not_taken_for_the_cloud(cloud: Cloud, tmp_path: Path) -> None:
    """Another process has its pid by now, even the cloud of another deployment: it is not stopped."""
    assert cloud.process
    mine = Cloud(tmp_path)
    old = {"port": 1, "pid": cloud.process.pid, "started": cloud.process.started - 1}
    (mine.folder / "cloud.json").write_text(json.dumps(old))
    assert not mine.healthy
    mine.stop()
    until(lambda: cloud.healthy, "the answer of the other one")
