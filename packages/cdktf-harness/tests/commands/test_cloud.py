"""The embedded cloud: one a folder, found again, with what was in it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import plain_app
import psutil
import pytest

import cdktf_harness
from cdktf_harness.cloud import HOST, Cloud, pid_file
from cdktf_harness.cloud.ports import reserved
from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.project.project import find
from cdktf_harness.system.processes import Process
from terraform_standins.variables import FORK_SERVER

from .running import FILES, found, until, write_app

WITH_GROUP = FILES | plain_app.files(
    """
aws = {"source": "hashicorp/aws", "version": "6.25.0"}
group = {"aws_cloudwatch_log_group": {"group": {"name": "group"}}}
synth({"hello": {"terraform": {"required_providers": {"aws": aws}}, "resource": group}})
"""
)
OLD = "the embedded cloud runs an outdated version of the harness"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud that runs, as each test leaves it."""
    with Cloud(tmp_path_factory.mktemp("cloud")).start() as cloud:
        yield cloud


def logs(cloud: Cloud) -> Any:
    """A client of its CloudWatch Logs."""
    return cloud.client("logs", region_name="eu-central-1")


def test_what_was_in_it_survives_a_restart(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the same address and resources. Another Docker engine restarts it: its process would call the old one."""
    url, first = cloud.url, cloud.process
    logs(cloud).create_log_group(logGroupName="kept")
    monkeypatch.setenv("DOCKER_HOST", "unix:///another/docker.sock")
    second = cloud.start().process
    assert cloud.start().process == second != first
    monkeypatch.undo()
    cloud.start()
    assert cloud.url == url
    assert [group["logGroupName"] for group in logs(cloud).describe_log_groups()["logGroups"]] == ["kept"]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_one_runs_alone_until_a_signal(end: signal.Signals) -> None:
    """It prints the variables for other programs, and leaves nothing."""
    command = [sys.executable, "-m", "cdktf_harness.cloud", "--region", "eu-central-1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as alone:
        assert alone.stdout
        lines = [next(alone.stdout).strip() for _ in range(5)]
        env = dict(line.removeprefix("export ").split("=", 1) for line in lines)
        code = "import boto3; print(boto3.client('sqs').create_queue(QueueName='q')['QueueUrl'])"
        said = subprocess.run([sys.executable, "-c", code], env=os.environ | env, capture_output=True, text=True)
        assert said.stdout.startswith(env["AWS_ENDPOINT_URL"]), said.stderr
        clouds = psutil.Process(alone.pid).children()
        alone.send_signal(end)
    assert alone.returncode == 0
    assert clouds
    assert not any(each.is_running() for each in clouds)


@pytest.mark.parametrize("record", ["kept", "damaged", "deleted"])
def test_a_second_start_finds_the_running_one(cloud: Cloud, record: str) -> None:
    """Another object for the same folder, in another process or not, is the same cloud, whatever its record is like."""
    url, again, process = cloud.url, Cloud(cloud.folder), cloud.process
    until(lambda: again.healthy, "the answer of the running one")
    file = cloud.folder / pid_file.NAME
    if record == "damaged":
        file.write_text('{"port":')
    elif record == "deleted":
        file.unlink()
    again.start()
    assert (again.url, again.process) == (url, process)
    assert file.exists()


def test_a_cloud_that_runs_code_of_before_a_change_is_told_and_started_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what was in it, by the first deployment with the new code; the next one finds it."""
    deployment = LocalDeployment(find(write_app(tmp_path)), tmp_path / "local")
    deployment.start()
    # Other processes may be writing bytecode.
    ignored = shutil.ignore_patterns("__pycache__")
    changed = shutil.copytree(Path(cdktf_harness.__file__).parent, tmp_path / "new/cdktf_harness", ignore=ignored)
    with (changed / "cloud/asgi.py").open("a") as file:
        file.write("# changed\n")
    script = (
        "from pathlib import Path; from cdktf_harness.deployment.local.deployment import LocalDeployment; "
        "from cdktf_harness.project.project import find; LocalDeployment(find(), Path('local').resolve()).start()"
    )

    def started() -> tuple[Process | None, list[str]]:
        env = {**os.environ, "PYTHONPATH": str(changed.parent)}
        done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True)
        return deployment.cloud.process, [line for line in done.stderr.splitlines() if OLD in line]

    try:
        deployment.client("logs").create_log_group(logGroupName="kept")
        old, (new, said) = deployment.cloud.process, started()
        assert (new != old, said) == (True, [f"  {OLD}: restarting it with its content"])
        assert started() == (new, [])
        for _ in range(2):
            groups = deployment.client("logs").describe_log_groups()["logGroups"]
            assert [group["logGroupName"] for group in groups] == ["kept"]
        assert capsys.readouterr().err.count(f"warning: {OLD}; `cdktf-harness up` restarts it\n") == 1
    finally:
        deployment.remove()


def test_terraform_uses_providers_forked_from_a_process_of_the_cloud(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in a shell with the environment of the deployment. That process ends with the cloud, even a killed one."""
    monkeypatch.delenv(FORK_SERVER)
    deployment = LocalDeployment(find(write_app(tmp_path, WITH_GROUP)), tmp_path / "local")
    try:
        deployment.start()
        deployment.deploy()
        # Terraform would start providers with it.
        Path(deployment.own_env["TF_CLI_CONFIG_FILE"]).with_name("run").unlink()
        env, stack = {**os.environ, **deployment.own_env}, deployment.out / "stacks/hello"
        done = subprocess.run(["terraform", "plan", "-no-color"], cwd=stack, env=env, capture_output=True, text=True)
        assert "No changes." in done.stdout, done.stderr
        process = deployment.cloud.process
        assert process
        os.kill(process.pid, signal.SIGKILL)
        until(lambda: not found(tmp_path, "fork"), "end of the process")
    finally:
        deployment.remove()


def test_it_listens_on_loopback_only(cloud: Cloud) -> None:
    """Nothing of it can be reached from another machine."""
    assert cloud.process
    connections = psutil.Process(cloud.process.pid).net_connections("inet")
    listening = {f"{each.laddr.ip}:{each.laddr.port}" for each in connections if each.status == psutil.CONN_LISTEN}
    assert listening == {cloud.registry.replace("localhost", "127.0.0.1")}


def test_it_ends_with_a_run_of_tests_that_is_killed(tmp_path: Path) -> None:
    """Nobody else would take it down; it writes its state first, as when it is stopped."""
    (tmp_path / "test_waits.py").write_text(
        "from pathlib import Path\ndef test_waits(cloud):\n    Path('up').touch()\n    input()\n"
    )
    (tmp_path / "cdktf.json").write_text('{"language": "python", "app": "python main.py"}')
    (tmp_path / "pyproject.toml").write_text('[tool.cdktf-harness]\nstacks = ["hello"]\n')
    command = [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "run")]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as run:
        until((tmp_path / "up").exists, "the test that waits")
        cloud = Cloud(tmp_path / "run/cloud0")
        until(lambda: cloud.healthy, "the cloud's answer")
        run.kill()
    until(lambda: cloud.process is None, "the end of the cloud")
    assert list((cloud.folder / "state").glob("*.json"))


def test_nobody_takes_its_port_while_it_starts() -> None:
    """From the choice of a free one on; else two clouds that start at once could be one."""
    with reserved(0) as port, socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((HOST, port))
