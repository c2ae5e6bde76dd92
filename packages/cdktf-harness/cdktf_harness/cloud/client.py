"""An embedded cloud for tests: clients, logs, contents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cdktf_harness.cloud.server_process import Cloud

# Not resources: blobs of images, which the real ECR also collects later; tags, of which ministack keeps a stage's; what
# AWS also keeps of metrics and alarms; settings of an account.
_NO_RESOURCES = ("_blobs", "tags", "metrics", "alarm_history", "account_settings", "attachment_counts")


@dataclass(frozen=True)
class EmbeddedCloud:
    """A running embedded AWS of one region."""

    process: Cloud
    region: str

    @property
    def url(self) -> str:
        """The endpoint of all services."""
        return self.process.url

    def client(self, service: str, **options: Any) -> Any:
        """Return a boto3 client for this cloud; `options` override those of `boto3.client`."""
        # Imported late: it takes 0.1 s.
        import boto3

        keys = {name.lower(): value for name, value in self.process.credentials.environment.items()}
        return boto3.client(service, **{"endpoint_url": self.url, "region_name": self.region, **keys, **options})

    def logs(self, group: str) -> list[str]:
        """Return the messages in a CloudWatch log group, oldest first."""
        return messages(self.client("logs"), group)

    def contents(self) -> list[str]:
        """Stop the cloud, which then writes its state, and return its resources as "service/kind: name".

        The state is one file per service; its collections map account, region and name to a resource (ministack 1.5).
        """
        self.process.stop()
        return sorted(self._contents())

    def _contents(self) -> Iterator[str]:
        for path in (self.process.folder / "state").glob("*.json"):
            for kind, collection in json.loads(path.read_text()).get("payload", {}).items():
                if isinstance(collection, dict) and not kind.endswith(_NO_RESOURCES):
                    found = collection.get("data", {}).items()
                    yield from (f"{path.stem}/{kind}: {_name(key)}" for key, value in found if not _is_going(value))


def messages(logs: Any, group: str) -> list[str]:
    """Return the messages in a CloudWatch log group, oldest first; `logs` is a boto3 client."""
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    return [str(event["message"]) for page in pages for event in page["events"]]


def _is_going(resource: Any) -> bool:
    """Whether it is a key that AWS deletes after some days."""
    return isinstance(resource, dict) and resource.get("KeyState") == "PendingDeletion"


def _name(key: str) -> str:
    return key.rpartition("\0")[2].strip("'")
