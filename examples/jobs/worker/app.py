"""The worker: it squares the numbers of jobs, and counts the results when the schedule calls it."""

from __future__ import annotations

import json
import os
import time
from typing import Any

import boto3

dynamodb = boto3.client("dynamodb")
DAY_S = 86400


def handler(event: dict[str, Any], context: object) -> dict[str, Any] | None:
    """Handle messages of the queue; answer those that failed, which the queue repeats."""
    if "Records" not in event:
        return _count()
    failed = []
    for record in event["Records"]:
        try:
            _work(json.loads(record["body"]))
        except (KeyError, TypeError, ValueError) as error:
            print(json.dumps({"level": "ERROR", "message": f"{type(error).__name__}: {error}"}))
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _work(job: dict[str, Any]) -> None:
    _write(job["id"], str(int(job["square"]) ** 2), job.get("by", ""))


def _count() -> None:
    found = dynamodb.query(
        TableName=os.environ["TABLE"],
        KeyConditionExpression="id = :id",
        ExpressionAttributeValues={":id": {"S": "latest"}},
    )
    _write("schedule", f"{found['Count']} jobs before {int(time.time())}")


def _write(id_: str, result: str, by: str = "schedule") -> None:
    expires = str(int(time.time()) + DAY_S)
    item = {"id": {"S": id_}, "result": {"S": result}, "by": {"S": by}, "expires": {"N": expires}}
    dynamodb.put_item(TableName=os.environ["TABLE"], Item=item)
