"""A command that is stopped or killed: Terraform writes its state, and all processes end.

The tests share a deployment.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from cdktf_harness.cloud import Cloud
from cdktf_harness.commands import interrupts
from cdktf_harness.system.deployment_lock import owned
from terraform_standins.waiting import poll

from .running import COMMAND, PATIENCE_SECONDS, Command, at_work, run, succeed, until, write_app

STATE = ".cdktf-harness/local/state/terraform.hello.tfstate"
# Terraform creates a resource, then another one, a new one each time, whose provisioner runs until it is interrupted.
MAIN = """
from plain_app import synth
work = {"command": "trap 'exit 1' INT; while sleep 0.1; do :; done"}
slow = {"depends_on": ["terraform_data.quick"], "triggers_replace": "ANEW", "provisioner": [{"local-exec": work}]}
resources = {"terraform_data": {"quick": {"input": "done"}, "slow": slow}}
synth({"hello": {"resource": resources, "output": {"said": {"value": "hello"}}}})
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The app; nothing is left of it at the end."""
    root = tmp_path_factory.mktemp("stopping").resolve()
    yield write_app(root)
    succeed(root, "down")
    assert at_work(root) == []


def named(app: Path, *words: str) -> list[psutil.Process]:
    """Return the processes in the app's folder that have all these words in their command line."""
    found = []
    for process in at_work(app):
        try:
            command = " ".join(process.cmdline())
        except psutil.NoSuchProcess:
            continue
        if all(word in command for word in words):
            found.append(process)
    return found


def deploying(app: Path, main: str = MAIN, running: Command | None = None) -> Command:
    """Start `up`, unless a `watch` is running, and wait until its Terraform runs the provisioner."""
    (app / "main.py").write_text(main.replace("ANEW", uuid.uuid4().hex))
    command = running or Command(app, "up")
    try:
        until(lambda: named(app, "sleep 0.1", "while"), "provisioner")
    except BaseException:
        command.signal(signal.SIGINT)
        print(command.output)
        raise
    return command


def assert_at_rest(app: Path) -> None:
    """Assert that all processes except the cloud end, and that the state has what was done."""
    until(lambda: len(at_work(app)) <= 1, f"end of {at_work(app)}")
    assert [process.cwd() for process in at_work(app)] == [str(app / ".cdktf-harness/local/cloud")]
    resources = {r["name"]: r["instances"][0] for r in json.loads((app / STATE).read_text())["resources"]}
    assert resources["quick"]["attributes"]["output"]["value"] == "done"
    assert resources["slow"]["status"] == "tainted"
    assert list((app / STATE).parent.glob(".*lock*")) == []


def test_a_command_that_is_stopped_waits_for_terraform(app: Path) -> None:
    """It prints what it waits for, and exits with the code of that signal; other tests interrupt it."""
    up = deploying(app)
    up.signal(signal.SIGHUP)
    assert up.wait() == 129
    assert "Stopping: waiting for Terraform to write its state; press Ctrl-C again to kill it" in up.lines
    assert up.lines[-1] == "error: interrupted; run the command again to continue"
    assert_at_rest(app)


def test_the_programs_of_a_killed_command_stop(app: Path) -> None:
    """The supervisor stops them."""
    up = deploying(app)
    up.signal(signal.SIGKILL)
    assert up.wait() == -signal.SIGKILL
    assert_at_rest(app)


@pytest.mark.parametrize("everything", [False, True])
def test_what_a_killed_terraform_leaves_is_removed(app: Path, everything: bool) -> None:
    """Its state may lack what it created: the next `up` starts from an empty cloud, and says so.

    It is killed alone, or with the command and all that the command started but the cloud.
    """
    up = deploying(app)
    (terraform,) = (each for each in named(app, "bin/terraform", "apply") if "supervisor.py" not in str(each.cmdline()))
    cloud = Cloud(app / ".cdktf-harness/local/cloud")
    client = cloud.client("sqs", region_name="eu-central-1")
    client.create_queue(QueueName="unknown")
    assert cloud.process
    for process in at_work(app) if everything else [terraform]:
        if process.pid != cloud.process.pid:
            with suppress(psutil.NoSuchProcess):
                process.kill()
    assert up.wait() == (-signal.SIGKILL if everything else 1)
    assert everything or up.lines[-1].endswith("was killed by SIGKILL; run the command again")
    until(lambda: len(at_work(app)) <= 1, f"end of {at_work(app)}")
    killed = "the last apply ended before Terraform wrote its state"
    fix = "run `cdktf-harness up`, which starts from an empty cloud"
    assert run(app, "diff").lines[-1] == f"error: {killed}; {fix}"
    if not everything:
        return
    write_app(app)
    again = succeed(app, "up")
    assert f"  {killed}: starting from an empty cloud" in again.lines
    assert not client.list_queues().get("QueueUrls")
    assert "No changes." in succeed(app, "diff").output


def test_the_end_of_the_cloud_is_reported_at_once(app: Path) -> None:
    """Without that, Terraform's providers would retry their calls for long; the next command starts the cloud."""
    up = deploying(app)
    cloud = Cloud(app / ".cdktf-harness/local/cloud").process
    assert cloud
    os.kill(cloud.pid, signal.SIGKILL)
    assert up.wait() == 1
    assert up.lines[-1] == (
        f"error: the embedded cloud ended (its log: {app}/.cdktf-harness/local/cloud/cloud.log); "
        "`cdktf-harness up` starts it again and continues"
    )
    until(lambda: at_work(app) == [], f"end of {at_work(app)}")
    said = run(app, "diff").lines
    assert said == ["error: the embedded cloud does not run; `cdktf-harness up` starts it again"]
    again = deploying(app)
    again.signal(signal.SIGINT)
    assert again.wait() == 130
    assert_at_rest(app)
    assert any("the embedded cloud was killed: " in line for line in again.lines)


@pytest.mark.parametrize("command", ["up", "watch"])
def test_a_second_interrupt_kills(app: Path, command: str) -> None:
    """Terraform waits for a program that ignores the first; the next `up` starts from an empty cloud."""
    write_app(app)
    running = Command(app, command) if command == "watch" else None
    if running:
        running.await_line("Watching ")
    running = deploying(app, MAIN.replace("trap 'exit 1' INT", "trap '' INT TERM"), running)
    running.signal(signal.SIGINT)
    running.await_line("Stopping: ")
    running.signal(signal.SIGINT)
    assert running.wait() == (130 if command == "up" else 0)
    until(lambda: len(at_work(app)) <= 1, f"end of {at_work(app)}")
    if command == "up":
        return
    write_app(app)
    again = succeed(app, "up").output
    # The second: Terraform may have written its state when its program was killed just before it.
    assert "starting from an empty cloud" in again or "  2 destroyed" in again


def test_the_spare_processes_of_a_killed_watch_end(app: Path) -> None:
    """The kept providers and the interpreter for the next synthesis."""
    (app / "main.py").write_text(MAIN.replace("while sleep 0.1; do :; done", ":"))
    watch = Command(app, "watch")
    watch.await_line("Watching ")
    watch.signal(signal.SIGKILL)
    watch.wait()
    until(lambda: len(at_work(app)) <= 1, f"end of {at_work(app)}")


def test_a_command_that_is_interrupted_while_it_starts_prints_no_traceback(app: Path) -> None:
    """Python reports its imports; the interrupts come after some of them, and while the command waits for another."""
    with owned(app / ".cdktf-harness/local", print):
        start, code = interrupted_after(app, "waiting for its end")
        assert (code, start[-1]) == (130, "error: interrupted; run the command again to continue")
        first = next(number for number, line in enumerate(start) if line.endswith(" cdktf_harness.commands.entry"))
        points = start[first + 1 : -2]
        for point in points[:: len(points) // 3]:
            lines, code = interrupted_after(app, point.rpartition("|")[2])
            said = [line for line in lines if not line.startswith("import time:")]
            assert (code, said) in [(-signal.SIGINT, []), (130, start[-1:]), (130, start[-2:])], point


def test_an_interrupt_is_not_lost_where_python_ignores_errors() -> None:
    """As in the destructor of an object: it comes again."""

    class Interrupting:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0)

    def work() -> None:
        Interrupting()
        poll(lambda: False, PATIENCE_SECONDS)

    with pytest.raises(KeyboardInterrupt), interrupts.raised():
        work()


def interrupted_after(app: Path, end: str) -> tuple[list[str], int]:
    """Run a command, interrupt it when it has printed a line with that end, and return its lines and exit code."""
    env = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1"}
    with subprocess.Popen(
        [COMMAND, "down"], cwd=app, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as down:
        assert down.stdout
        lines = []
        for line in down.stdout:
            lines.append(line.rstrip())
            if lines[-1].endswith(end):
                down.send_signal(signal.SIGINT)
    return lines, down.returncode
