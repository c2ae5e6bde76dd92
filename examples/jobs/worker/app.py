"""The worker: it squares the numbers of jobs, and writes the time when the schedule calls it.

Jobs are messages of the queue, messages of the topic, and objects of the bucket.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any
from urllib.parse import unquote_plus

import boto3

dynamodb, s3 = boto3.client("dynamodb"), boto3.client("s3")
DAY_S = 86400


def handler(event: dict[str, Any], context: object) -> dict[str, Any] | None:
    """Handle jobs; answer the messages that failed, which the queue repeats. AWS repeats other events that failed."""
    if "Records" not in event:
        return _write("schedule", f"ran at {int(time.time())}")
    failed = []
    for record in event["Records"]:
        try:
            _work(json.loads(_job(record)))
        except (KeyError, TypeError, ValueError) as error:
            print(json.dumps({"level": "ERROR", "message": f"{type(error).__name__}: {error}"}))
            if "messageId" not in record:
                raise
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _job(record: dict[str, Any]) -> str | bytes:
    if "Sns" in record:
        return str(record["Sns"]["Message"])
    if "s3" not in record:
        return str(record["body"])
    stored = record["s3"]
    # S3 encodes the keys of its events as in a form.
    found = s3.get_object(Bucket=stored["bucket"]["name"], Key=unquote_plus(stored["object"]["key"]))
    return bytes(found["Body"].read())


def _work(job: dict[str, Any]) -> None:
    _write(job["id"], str(int(job["square"]) ** 2), job.get("by", ""))


def _write(id_: str, result: str, by: str = "schedule") -> None:
    expires = str(int(time.time()) + DAY_S)
    item = {"id": {"S": id_}, "result": {"S": result}, "by": {"S": by}, "expires": {"N": expires}}
    dynamodb.put_item(TableName=os.environ["TABLE"], Item=item)
