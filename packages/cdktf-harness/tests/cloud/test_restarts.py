"""A cloud that is restarted with other settings, and with what was in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from cdktf_harness.cloud import Cloud, Credentials
from cdktf_harness.cloud.ports import reserved
from cdktf_harness.system.errors import HarnessError

from .conftest import Route, Running, answer, refusal, refused, rest_api

DENIED = {"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}


class Restarted(NamedTuple):
    """A cloud, its credentials before the restart, and a route whose answer was changed, but not deployed, by then."""

    running: Running
    credentials: Credentials
    route: Route

    def get(self) -> str:
        """The answer of the route in its stage."""
        return self.running.ask("GET", f"/restapis/{self.route['restApiId']}/s/_user_request_/").text


@pytest.fixture(scope="module")
def restarted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restarted]:
    """A cloud that serves Athena and AWS's host names and evaluates policies, but only since a restart."""
    cloud = Cloud(tmp_path_factory.mktemp("cloud") / "cloud", "eu-central-1")
    with reserved(0) as port:
        pass
    # ministack writes its pid to a file named after the port; in /tmp, anybody could create that name as a link.
    victim, link = cloud.folder.with_name("victim"), Path("/tmp") / f"ministack-{port}.pid"
    victim.write_text("precious")
    link.symlink_to(victim)
    try:
        running = Running(cloud.start(port=port))
        client, credentials = running.client("apigateway"), cloud.credentials
        route, _ = rest_api(client)
        answer(client, route, "new")
        assert "does not serve athena" in refusal(running.client("athena"), "list_work_groups")
        cloud.start(services=["athena"], aws_hosts=True, enforced=True)
        yield Restarted(running, credentials, route)
    finally:
        cloud.stop()
        link.unlink()
    assert victim.read_text() == "precious"


def test_no_other_user_can_write_where_its_files_are(restarted: Restarted) -> None:
    """A link that somebody planted is not followed."""
    folder = restarted.running.process.folder
    assert (folder / "tmp" / f"ministack-{restarted.running.process.port}.pid").is_file()
    assert {path.stat().st_mode & 0o777 for path in (folder, folder / "tmp")} == {0o700}


def test_a_service_is_served_once_it_is_named(restarted: Restarted, tmp_path: Path) -> None:
    """The credentials stay; an unknown name is an error."""
    assert restarted.running.client("athena").list_work_groups()["WorkGroups"]
    assert restarted.running.process.credentials == restarted.credentials
    with pytest.raises(HarnessError, match="there is no 'ecss'; account, acm"):
        Cloud(tmp_path).start(services=["ecss"])


def test_the_host_names_of_aws_are_taken_where_that_is_asked_for(restarted: Restarted) -> None:
    """Those of calls, with a signature, and those of APIs; no name that only looks like one."""
    running = restarted.running
    for host in ("sts.eu-central-1.amazonaws.com", "iam.amazonaws.com", "bucket.s3.eu-central-1.amazonaws.com"):
        assert "it is not signed" in running.ask("GET", "/", Host=host).text
    assert running.ask("GET", "/dev/time", Host="00000000.execute-api.eu-central-1.amazonaws.com").status == 404
    for host in ("amazonaws.com.evil.example", "evil-amazonaws.com", "amazonaws.com:1"):
        assert "is not this cloud's host" in refused(running.ask("GET", "/", Host=host))


def test_snapshots_are_served(restarted: Restarted) -> None:
    """A change before the restart is still not deployed after it; nor are later ones of what admits a caller."""
    client, api = restarted.running.client("apigateway"), restarted.route["restApiId"]
    assert restarted.get() == "old"
    client.create_deployment(restApiId=api, stageName="s")
    assert restarted.get() == "new"
    operation = {"op": "replace", "path": "/policy", "value": json.dumps({"Statement": [DENIED]})}
    client.update_rest_api(restApiId=api, patchOperations=[operation])
    assert restarted.get() == "new"
    client.create_deployment(restApiId=api, stageName="s")
    assert "explicit deny" in restarted.get()
    operation = {"op": "replace", "path": "/authorizationType", "value": "AWS_IAM"}
    client.update_method(**restarted.route, patchOperations=[operation])
    assert "explicit deny" in restarted.get()
    client.create_deployment(restApiId=api, stageName="s")
    assert "Missing Authentication Token" in restarted.get()
