"""Secrets Manager: a secret that is created without a value has no version.

ministack makes a version without a value (services/secretsmanager.py 508-533), which GetSecretValue returns; AWS
answers ResourceNotFoundException.
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html , `SecretString`.
"""

from __future__ import annotations

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
