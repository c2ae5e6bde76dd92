"""An OpenID Connect issuer: an API in the embedded cloud that serves its public key, and tokens of it."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from cdktf_harness.pytest_plugin import Cloud

AUDIENCE = "jobs"


class Issuer:
    """An issuer whose documents are at `url`."""

    def __init__(self, cloud: Cloud) -> None:
        self._key = rsa.generate_private_key(65537, 2048)
        self._gateway = gateway = cloud.client("apigateway")
        made = gateway.create_rest_api(name="issuer")
        self._id = made["id"]
        self.url = f"{cloud.url}/restapis/{made['id']}/v1/_user_request_"
        numbers = self._key.public_key().public_numbers()
        jwk = {"kty": "RSA", "kid": "1", "alg": "RS256", "use": "sig", "n": _number(numbers.n), "e": _number(numbers.e)}
        self._serve(gateway, made, ".well-known", "openid-configuration", {"jwks_uri": f"{self.url}/keys/jwks"})
        self._serve(gateway, made, "keys", "jwks", {"keys": [jwk]})
        gateway.create_deployment(restApiId=made["id"], stageName="v1")

    def token(self, **claims: Any) -> dict[str, str]:
        """Return the header of a token, valid for five minutes unless `claims` say otherwise."""
        own = {"iss": self.url, "aud": AUDIENCE, "sub": "ann", "exp": int(time.time()) + 300}
        parts = [_text(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "1"}, {**own, **claims})]
        signature = self._key.sign(".".join(parts).encode(), padding.PKCS1v15(), SHA256())
        return {"Authorization": f"Bearer {'.'.join(parts)}.{_text(signature)}"}

    def remove(self) -> None:
        """Delete the API."""
        self._gateway.delete_rest_api(restApiId=self._id)

    def _serve(self, gateway: Any, made: Any, folder: str, name: str, document: dict[str, Any]) -> None:
        api = {"restApiId": made["id"]}
        parent = gateway.create_resource(**api, parentId=made["rootResourceId"], pathPart=folder)["id"]
        at = {**api, "resourceId": gateway.create_resource(**api, parentId=parent, pathPart=name)["id"]}
        method = {**at, "httpMethod": "GET"}
        gateway.put_method(**method, authorizationType="NONE")
        gateway.put_integration(**method, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
        gateway.put_method_response(**method, statusCode="200")
        templates = {"application/json": json.dumps(document)}
        gateway.put_integration_response(**method, statusCode="200", responseTemplates=templates)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(number: int) -> str:
    return _text(number.to_bytes((number.bit_length() + 7) // 8, "big"))
