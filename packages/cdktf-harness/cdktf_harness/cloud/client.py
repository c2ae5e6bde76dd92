"""The embedded AWS as its users see it: start, stop, health, URL, credentials, clients, logs, contents."""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdktf_harness.cloud.docker_cleanup import INSTANCE_LABEL
from cdktf_harness.cloud.server_process import ServerProcess

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

# Not resources: blobs of images, which the real ECR also collects later; tags, of which ministack keeps a stage's; what
# AWS also keeps of metrics and alarms; settings of an account.
# Nor is the default VPC with what belongs to it, and the default event bus, which each account has.
_NO_RESOURCES = ("_blobs", "tags", "metrics", "alarm_history", "account_settings", "attachment_counts", "changes")
_DEFAULTS = re.compile(r"\S+: \w+-0000000\d|eventbridge/buses: default")


@dataclass(frozen=True)
class Cloud(ServerProcess):
    """An embedded AWS with its state, log and record in `folder`; `client` and `logs` are of `region`.

    `with cloud.start():` stops it when the block ends.
    """

    region: str = "us-east-1"

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which AWS clients call it."""
        regions = {"AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}
        return {"AWS_ENDPOINT_URL": self.url, **self.credentials.environment, **regions}

    def client(self, service: str, **options: Any) -> Any:
        """Return a boto3 client for this cloud; `options` override those of `boto3.client`."""
        keys = {name.lower(): value for name, value in self.credentials.environment.items()}
        return _session().client(service, **{"endpoint_url": self.url, "region_name": self.region, **keys, **options})

    def logs(self, group: str) -> list[str]:
        """Return the messages in a CloudWatch log group, oldest first."""
        return messages(self.client("logs"), group)

    def contents(self) -> list[str]:
        """Stop the cloud, which then writes its state, and return its resources as "service/kind: name".

        The state is one file per service; its collections map account, region and name to a resource (ministack 1.5).
        """
        self.stop()
        return sorted(self._contents())

    def containers(self, client: DockerClient, *, ended: bool = True, functions: bool = False) -> list[Container]:
        """Return its containers, newest first; without `ended` those that run, with `functions` those of functions."""
        labels = [f"{INSTANCE_LABEL}={self.instance}", *(["ministack=lambda"] if functions else [])]
        return client.containers.list(all=ended, filters={"label": labels}, ignore_removed=True)

    def _contents(self) -> Iterator[str]:
        for path in (self.folder / "state").glob("*.json"):
            for kind, collection in json.loads(path.read_text()).get("payload", {}).items():
                if isinstance(collection, dict) and not kind.endswith(_NO_RESOURCES):
                    found = collection.get("data", {}).items()
                    names = (f"{path.stem}/{kind}: {_name(key)}" for key, value in found if not _is_going(value))
                    yield from (name for name in names if not _DEFAULTS.fullmatch(name))


@functools.cache
def _session() -> Any:
    """Return a boto3 session that reads no variables and files of AWS's clients: they are for an account."""
    # Imported late: it takes 0.1 s.
    from boto3 import Session
    from botocore.session import Session as Core

    own = {name: (None, None, default, convert) for name, (_, _, default, convert) in Core.SESSION_VARIABLES.items()}
    files = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    return Session(botocore_session=Core({**own, **files}))


def messages(logs: Any, group: str) -> list[str]:
    """Return the messages in a CloudWatch log group, oldest first; `logs` is a boto3 client."""
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    return [str(event["message"]) for page in pages for event in page["events"]]


def _is_going(resource: Any) -> bool:
    """Whether it is a key or an instance that AWS forgets after some time."""
    ended = ({"KeyState": "PendingDeletion"}, {"State": {"Code": 48, "Name": "terminated"}})
    return isinstance(resource, dict) and any(one.items() <= resource.items() for one in ended)


def _name(key: str) -> str:
    return key.rpartition("\0")[2].strip("'")
