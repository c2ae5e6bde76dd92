"""The embedded cloud: one a folder, found again, with what was in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from cdktf_harness.cloud.process import Cloud


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    """A cloud that runs."""
    cloud = Cloud(tmp_path / "cloud")
    cloud.start()
    yield cloud
    cloud.stop()


def logs(cloud: Cloud) -> Any:
    """A client of its CloudWatch Logs."""
    return boto3.client(
        "logs",
        region_name="eu-central-1",
        endpoint_url=cloud.url,
        aws_access_key_id=cloud.credentials.access_key_id,
        aws_secret_access_key=cloud.credentials.secret_access_key,
    )


def test_what_was_in_it_survives_a_restart(cloud: Cloud) -> None:
    """Stopped and started again it has the same address and the same resources."""
    url = cloud.url
    logs(cloud).create_log_group(logGroupName="kept")
    cloud.stop()
    assert not cloud.running
    cloud.start()
    assert cloud.url == url
    assert [group["logGroupName"] for group in logs(cloud).describe_log_groups()["logGroups"]] == ["kept"]


def test_a_second_start_finds_the_running_one(cloud: Cloud) -> None:
    """Another object for the same folder, in another process or not, is the same cloud."""
    again = Cloud(cloud.folder)
    assert again.running
    again.start()
    assert again.url == cloud.url


def test_two_clouds_do_not_meet(cloud: Cloud, tmp_path: Path) -> None:
    """What is made in one is not in the other."""
    other = Cloud(tmp_path / "other")
    other.start()
    try:
        logs(cloud).create_log_group(logGroupName="mine")
        assert logs(other).describe_log_groups()["logGroups"] == []
    finally:
        other.stop()


def test_it_listens_on_loopback_only(cloud: Cloud) -> None:
    """Nothing of it can be reached from another machine."""
    port = cloud.registry.partition(":")[2]
    assert cloud.process
    assert listening(cloud.process.pid) == {f"127.0.0.1:{port}"}


def listening(pid: int) -> set[str]:
    """The addresses that a process listens on, from the kernel's own table (proc_net_tcp(5))."""
    sockets = {link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir() if "socket:" in str(link.readlink())}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                address, port = fields[1].split(":")
                octets = [str(int(address[i : i + 2], 16)) for i in range(len(address) - 2, -1, -2)]
                found.add(f"{'.'.join(octets)}:{int(port, 16)}")
    return found
