"""S3: objects."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ..resource import UNKNOWN, Answer, Aws, AwsResource, Calls, Change, Tagging, Values, as_list
from ..tags import Tags, from_list

_BODY = ("content", "content_base64", "source", "source_hash", "etag")


class _ObjectTagging(Tagging):
    """The tags of an object: a call sets all of them."""

    def read(self, client: Any, state: Mapping[str, Any]) -> Tags:
        return from_list(client.get_object_tagging(Bucket=state["bucket"], Key=state["key"])["TagSet"])

    def change(self, client: Any, state: Mapping[str, Any], old: Tags, new: Tags) -> None:
        if old != new:
            client.put_object_tagging(Bucket=state["bucket"], Key=state["key"], Tagging={"TagSet": as_list(new)})


class Object(AwsResource):
    type_name, label, service = "aws_s3_object", "S3 Object", "s3"
    calls = Calls.of("object", create="put", read="head", update="put")
    names = {"kms_key_id": "SSEKMSKeyId", "website_redirect": "WebsiteRedirectLocation"}
    named_by, derived, lenient, tagging = "key", True, True, _ObjectTagging()
    found_by = ("bucket", "key")
    computed = {"arn": "arn:{partition}:s3:::{bucket}/{key}"}
    defaults = {"StorageClass": "STANDARD"}
    kept = (*_BODY, "force_destroy")
    import_form = ("BUCKET/KEY", "bucket", "key")

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        if not change.creating and any(map(change.changed, _BODY)):
            change.planned.update(version_id=UNKNOWN)
            if change.config.get("etag") is None:
                change.planned["etag"] = UNKNOWN

    def make(self, aws: Aws, planned: Values) -> Any:
        body: Any = (planned["content"] or "").encode()
        if planned["content_base64"]:
            body = b64decode(planned["content_base64"])
        elif planned["source"]:
            body = Path(planned["source"]).expanduser().read_bytes()
        values = {**planned, "etag": None}
        return self.call(aws, "put_object", values, Body=body, Tagging=urlencode(planned["tags_all"] or {}))

    def call(self, aws: Aws, method: str, values: Values, **more: Any) -> Any:
        # The state's checksum would be a condition.
        where = {"bucket": values["bucket"], "key": values["key"]}
        return super().call(aws, method, values if method == "put_object" else where, **more)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        values = super().parsed(aws, {**state, **{name: state.get(name) for name in _BODY}}, found)
        return {**values, "etag": found["ETag"].strip('"')}
