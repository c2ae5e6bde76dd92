"""Secrets Manager: a secret that is created without a value has no version, and a rotation can be cancelled.

ministack makes a version without a value (services/secretsmanager.py 508-533), which GetSecretValue returns; AWS
answers ResourceNotFoundException. It lacks CancelRotateSecret. Its RotateSecret calls no function, but
gives the value another version (1101-1141); here the value keeps its version.
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html , `SecretString`.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from ministack.services import secretsmanager as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_create_secret")
def _create(original: Any, data: Any) -> Any:
    answer = original(data)
    if answer[0] != 200 or data.get("SecretString") is not None or data.get("SecretBinary") is not None:
        return answer
    secret = service._secrets[data["Name"]]
    secret["Versions"].clear()
    return service.json_response({"ARN": secret["ARN"], "Name": secret["Name"]})


@replaces(service, "_rotate_secret")
def _rotate(original: Any, data: Any) -> Any:
    _, secret = service._resolve(data.get("SecretId"))
    versions = copy.deepcopy(secret["Versions"]) if secret else {}
    answer = original(data)
    if secret:
        secret["Versions"] = versions
    return answer


@replaces(service, "handle_request")
async def _handle(original: Any, method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
    if not headers.get("x-amz-target", "").endswith(".CancelRotateSecret"):
        return await original(method, path, headers, body, query)
    _, secret = service._resolve(json.loads(body or b"{}").get("SecretId"))
    if not secret:
        message = "Secrets Manager can't find the specified secret."
        return service.error_response_json("ResourceNotFoundException", message, 400)
    secret["RotationEnabled"] = False
    return service.json_response({"ARN": secret["ARN"], "Name": secret["Name"]})
