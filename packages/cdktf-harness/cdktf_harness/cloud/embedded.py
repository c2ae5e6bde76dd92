"""An embedded cloud as a test uses it: clients, logs, what is left in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cdktf_harness.cloud.process import Cloud

# Blobs of images, which the real ECR collects at its own time too, and tags, of which ministack keeps a stage's.
_NO_RESOURCES = ("_blobs", "tags")


@dataclass(frozen=True)
class EmbeddedCloud:
    """A running embedded AWS of one region."""

    process: Cloud
    region: str

    @property
    def url(self) -> str:
        """Where all its services answer."""
        return self.process.url

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client of a service, bound to this cloud; `options` are boto3's own."""
        # Late: it costs 0.1 s.
        import boto3

        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=self.region,
            aws_access_key_id=self.process.credentials.access_key_id,
            aws_secret_access_key=self.process.credentials.secret_access_key,
            **options,
        )

    def logs(self, group: str) -> list[str]:
        """The messages in a CloudWatch log group, oldest first."""
        pages = self.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
        return [str(event["message"]) for page in pages for event in page["events"]]

    def contents(self) -> list[str]:
        """What is in it, as "service/kind: name"; stops it, since it writes its state only then.

        Its state is a file a service, whose collections map account, region and name to a resource (ministack 1.5).
        """
        self.process.stop()
        return sorted(self._contents())

    def _contents(self) -> Iterator[str]:
        for path in (self.process.folder / "state").glob("*.json"):
            for kind, collection in json.loads(path.read_text()).get("payload", {}).items():
                if isinstance(collection, dict) and not kind.endswith(_NO_RESOURCES):
                    yield from (f"{path.stem}/{kind}: {_name(key)}" for key in collection.get("data", {}))


def _name(key: str) -> str:
    return key.rpartition("\0")[2].strip("'")
