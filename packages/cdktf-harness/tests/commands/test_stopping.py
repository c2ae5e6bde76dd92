"""A command that is stopped, or dies: Terraform writes its state, and nothing works on.

The tests share a deployment that is never finished, in the order of this file.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from .running import FILES, Command, at_work, run, until, write_app

STATE = ".cdktf-harness/local/state/terraform.hello.tfstate"
# Terraform makes a resource, and is then at work on another until it is interrupted.
MAIN = """
from cdktf import App, TerraformOutput, TerraformStack
app = App()
stack = TerraformStack(app, "hello")
stack.add_override("resource.terraform_data.quick", {"input": "done"})
work = {"command": "trap 'exit 1' INT; while sleep 0.1; do :; done"}
slow = {"depends_on": ["terraform_data.quick"], "provisioner": [{"local-exec": work}]}
stack.add_override("resource.terraform_data.slow", slow)
TerraformOutput(stack, "said", value="hello")
app.synth()
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The app, of which nothing is left afterwards."""
    root = tmp_path_factory.mktemp("stopping").resolve()
    yield write_app(root, {**FILES, "main.py": MAIN})
    down = run(root, "down")
    assert down.process.returncode == 0, down.output
    assert at_work(root) == []


def named(app: Path, *words: str) -> list[psutil.Process]:
    """The processes that work in the app's folder and have all these words in their command line."""
    found = []
    for process in at_work(app):
        try:
            command = " ".join(process.cmdline())
        except psutil.NoSuchProcess:
            continue
        if all(word in command for word in words):
            found.append(process)
    return found


def deploying(app: Path) -> Command:
    """The command, when its Terraform is at work."""
    command = Command(app, "up")
    try:
        until(lambda: named(app, "sleep 0.1", "while"), "provisioner")
    except BaseException:
        command.signal(signal.SIGINT)
        print(command.output)
        raise
    return command


def assert_at_rest(app: Path) -> None:
    """Everything but the cloud ends, and what was done is in Terraform's state."""
    until(lambda: len(at_work(app)) <= 1, f"end of {at_work(app)}")
    assert [process.cwd() for process in at_work(app)] == [str(app / ".cdktf-harness/local/cloud")]
    resources = {r["name"]: r["instances"][0] for r in json.loads((app / STATE).read_text())["resources"]}
    assert resources["quick"]["attributes"]["output"]["value"] == "done"
    assert resources["slow"]["status"] == "tainted"
    assert list((app / STATE).parent.glob(".*lock*")) == []


@pytest.mark.parametrize(("sig", "code"), [(signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_a_command_that_is_stopped_waits_for_terraform(app: Path, sig: signal.Signals, code: int) -> None:
    """It says what it waits for, and ends as one that was stopped by that signal."""
    up = deploying(app)
    up.signal(sig)
    assert up.wait() == code
    assert "Stopping: waiting for Terraform to write its state; press Ctrl-C again to kill it" in up.lines
    assert up.lines[-1] == "error: interrupted; run the command again to go on"
    assert_at_rest(app)


def test_what_a_killed_command_started_ends_in_order(app: Path) -> None:
    """The command cannot see to that any more."""
    up = deploying(app)
    up.signal(signal.SIGKILL)
    assert up.wait() == -signal.SIGKILL
    assert_at_rest(app)


def test_what_a_killed_cdktf_started_ends_in_order(app: Path) -> None:
    """Terraform was in a terminal of its, which is no more; the command fails when Terraform has ended."""
    up = deploying(app)
    (cdktf,) = (process for process in named(app, "cdktf", "deploy") if process.name() != "python")
    cdktf.kill()
    assert up.wait() == 1
    assert "was killed by SIGKILL" in up.lines[-1]
    assert_at_rest(app)


def test_the_end_of_the_cloud_is_told_at_once(app: Path) -> None:
    """Terraform's providers would try to reach it again and again; the next command starts it and says so."""
    up = deploying(app)
    (cloud,) = (process for process in at_work(app) if process.cwd() == str(app / ".cdktf-harness/local/cloud"))
    cloud.kill()
    assert up.wait() == 1
    assert up.lines[-1] == (
        f"error: the embedded cloud ended meanwhile (its log: {app}/.cdktf-harness/local/cloud/cloud.log); "
        "`cdktf-harness up` starts it again and goes on"
    )
    until(lambda: at_work(app) == [], f"end of {at_work(app)}")


def test_a_second_interrupt_kills(app: Path) -> None:
    """Terraform waits for a program that does not heed the first."""
    (app / "main.py").write_text(MAIN.replace("trap 'exit 1' INT", "trap '' INT TERM"))
    up = deploying(app)
    up.signal(signal.SIGINT)
    up.await_line("Stopping: ")
    up.await_line("the embedded cloud was killed: ")
    up.signal(signal.SIGINT)
    assert up.wait() == 130
    until(lambda: len(at_work(app)) <= 1, f"end of {at_work(app)}")


@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_watch_keeps_at_hand_ends_with_it(app: Path, sig: signal.Signals) -> None:
    """Its providers and the interpreter that waits for the next synthesis; and a new command converges."""
    (app / "main.py").write_text(MAIN.replace("while sleep 0.1; do :; done", ":"))
    watch = Command(app, "watch")
    watch.await_line("Watching ")
    watch.signal(sig)
    watch.wait()
    until(lambda: len(at_work(app)) <= 1, f"end of {at_work(app)}")
