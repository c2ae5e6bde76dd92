"""`POST /jobs` puts a job into the queue, `GET /jobs/{id}` returns its result, `GET /jobs` says so."""

from __future__ import annotations

import json
import os
import uuid
from typing import Any

import boto3

HEADERS = {"Content-Type": "application/json", "Access-Control-Allow-Origin": os.environ["ORIGIN"], "Vary": "Origin"}
sqs, dynamodb = boto3.client("sqs"), boto3.client("dynamodb")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Handle a request of API Gateway."""
    caller = event["requestContext"].get("authorizer") or {}
    if event["httpMethod"] == "POST":
        return _take({**json.loads(event["body"]), "by": caller.get("sub", "")})
    if event["path"].endswith("/admin"):
        return _answer(200, {"caller": event["requestContext"]["identity"].get("userArn") or ""})
    id_ = (event["pathParameters"] or {}).get("id")
    return _result(id_) if id_ else _answer(200, {"message": "POST a job; GET /jobs/ID returns its result"})


def _take(job: dict[str, Any]) -> dict[str, Any]:
    id_ = uuid.uuid4().hex
    sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=json.dumps({"id": id_, **job}))
    return _answer(202, {"id": id_})


def _result(id_: str) -> dict[str, Any]:
    found = dynamodb.get_item(TableName=os.environ["TABLE"], Key={"id": {"S": id_}}).get("Item")
    return (
        _answer(200, {"result": found["result"]["S"], "by": found["by"]["S"]})
        if found
        else _answer(404, {"message": "no result yet"})
    )


def _answer(status: int, content: dict[str, str]) -> dict[str, Any]:
    return {"statusCode": status, "body": json.dumps(content), "headers": HEADERS}
