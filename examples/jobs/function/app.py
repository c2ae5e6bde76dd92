"""`POST /jobs` puts a job into the queue, `GET /jobs?id=ID` returns the result of a job, `GET /jobs` says so."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

import boto3

sqs, dynamodb = boto3.client("sqs"), boto3.client("dynamodb")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Handle a request of API Gateway."""
    return (
        _take(event["body"] or "") if event["httpMethod"] == "POST" else _result(event["queryStringParameters"] or {})
    )


def _take(body: str) -> dict[str, Any]:
    if not body:
        return _answer(400, {"message": "the body is empty: send a job"})
    sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=body)
    return _answer(202, {"id": hashlib.sha256(body.encode()).hexdigest()[:12]})


def _result(query: dict[str, str]) -> dict[str, Any]:
    if not query.get("id"):
        return _answer(200, {"message": "POST a job; GET ?id=ID returns what a worker made of it"})
    found = dynamodb.get_item(TableName=os.environ["TABLE"], Key={"id": {"S": query["id"]}}).get("Item")
    return _answer(200, {"result": found["result"]["S"]}) if found else _answer(404, {"message": "no result yet"})


def _answer(status: int, content: dict[str, str]) -> dict[str, Any]:
    return {"statusCode": status, "body": json.dumps(content), "headers": {"Content-Type": "application/json"}}
