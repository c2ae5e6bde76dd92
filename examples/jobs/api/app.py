"""`POST /jobs` puts a job into the queue, `GET /jobs/{id}` returns its result, `GET /jobs` says so."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
import uuid
from functools import lru_cache
from typing import Any

import boto3

HEADERS = {"Content-Type": "application/json", "Access-Control-Allow-Origin": os.environ["ORIGIN"], "Vary": "Origin"}
sqs, dynamodb, secrets, ssm = (boto3.client(name) for name in ("sqs", "dynamodb", "secretsmanager", "ssm"))
# Of a parameter without a value, which AWS does not have.
UNSET = "-"


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Handle a request of API Gateway."""
    caller = event["requestContext"].get("authorizer") or {}
    if event["httpMethod"] == "POST":
        # An HTTP API has the claims in an object, and bodies of some content types in base64.
        body = base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"]
        return _take({**json.loads(body), "by": (caller.get("claims") or caller).get("sub", "")})
    if event["path"].endswith("/admin"):
        return _answer(200, {"caller": event["requestContext"]["identity"].get("userArn") or ""})
    id_ = (event["pathParameters"] or {}).get("id")
    message = "POST a job; GET /jobs/ID returns its result"
    return _result(id_) if id_ else _answer(200, {"message": message, "token": _hash(), "limit": values()["limit"]})


def values() -> dict[str, str]:
    """Return the secret and the parameter, asked for at most once in SECRET_SECONDS, so that new ones are noticed."""
    return _values(int(time.monotonic() / float(os.environ["SECRET_SECONDS"])))


@lru_cache(maxsize=1)
def _values(period: int) -> dict[str, str]:
    limit = ssm.get_parameter(Name=os.environ["LIMIT"], WithDecryption=True)["Parameter"]["Value"]
    try:
        token = secrets.get_secret_value(SecretId=os.environ["SECRET"])["SecretString"]
    except secrets.exceptions.ResourceNotFoundException:
        token = UNSET
    return {"limit": limit, "token": token}


def _hash() -> str:
    """Return which token is in use, without the token itself."""
    token = values()["token"]
    return (
        "no value: set it with `cdktf-harness secret`" if token == UNSET else hashlib.sha256(token.encode()).hexdigest()
    )


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
