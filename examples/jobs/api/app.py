"""`POST /jobs` puts a job into the queue, `GET /jobs/{id}` returns its result, `GET /jobs` says so."""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
from functools import lru_cache
from typing import Any

import boto3

HEADERS = {"Content-Type": "application/json", "Access-Control-Allow-Origin": os.environ["ORIGIN"], "Vary": "Origin"}
sqs, dynamodb, secrets = boto3.client("sqs"), boto3.client("dynamodb"), boto3.client("secretsmanager")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Handle a request of API Gateway."""
    caller = event["requestContext"].get("authorizer") or {}
    if event["httpMethod"] == "POST":
        return _take({**json.loads(event["body"]), "by": caller.get("sub", "")})
    if event["path"].endswith("/admin"):
        return _answer(200, {"caller": event["requestContext"]["identity"].get("userArn") or ""})
    id_ = (event["pathParameters"] or {}).get("id")
    message = "POST a job; GET /jobs/ID returns its result"
    return _result(id_) if id_ else _answer(200, {"message": message, "token": _hash()})


def secret() -> str:
    """Return the value of the secret, asked for at most once in SECRET_SECONDS, so that a new one is noticed."""
    return _secret(int(time.monotonic() / float(os.environ["SECRET_SECONDS"])))


@lru_cache(maxsize=1)
def _secret(period: int) -> str:
    # Errors are not kept. A failed request says that there is no value yet.
    value: str = secrets.get_secret_value(SecretId=os.environ["SECRET"])["SecretString"]
    return value


def _hash() -> str:
    """Return which token is in use, without the token itself."""
    try:
        return hashlib.sha256(secret().encode()).hexdigest()
    except secrets.exceptions.ResourceNotFoundException:
        return "no value: set it with `cdktf-harness secret`"


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
