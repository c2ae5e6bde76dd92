"""The embedded cloud closes idle connections."""

from __future__ import annotations

import psutil

from terraform_standins.waiting import poll

from .conftest import Running

# Less than the time after which the cloud ends a connection that is idle.
SECONDS = 30


def test_a_connection_that_its_client_has_closed_ends(running: Running) -> None:
    """Otherwise a program that opens one for each request reaches the limit of open files."""
    client = running.client("logs")
    client.describe_log_groups()
    record = running.process.process
    assert record
    cloud = psutil.Process(record.pid)

    def in_use() -> list[str]:
        return [each.status for each in cloud.net_connections("tcp") if each.status != psutil.CONN_LISTEN]

    assert psutil.CONN_ESTABLISHED in in_use()
    client.close()
    assert poll(lambda: psutil.CONN_CLOSE_WAIT not in in_use(), SECONDS)
