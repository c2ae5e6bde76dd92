"""An authorizer: it verifies tokens of an OpenID Connect issuer, and allows the routes for which they have the scopes.

It answers a policy for all routes, which API Gateway keeps for a token. A token that is not valid gives 401, a missing
scope 403.
"""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.request import urlopen

import jwt

# What is verified with the issuer's public key; a symmetric one would be known to everybody.
ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "PS256", "EdDSA"]
ISSUER, AUDIENCE = os.environ["ISSUER"], os.environ["AUDIENCE"]
# By method and path as in an ARN: any one of these scopes is enough; none means that every valid token is.
ROUTES: dict[str, list[str]] = json.loads(os.environ["ROUTES"])
_SECONDS = 5


def _jwks_url() -> str:
    # OpenID Connect Discovery 1.0, 4.
    with urlopen(f"{ISSUER.rstrip('/')}/.well-known/openid-configuration", timeout=_SECONDS) as answer:
        return str(json.load(answer)["jwks_uri"])


_keys: list[jwt.PyJWKClient] = []


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer the policy of a request's token. Raises Exception("Unauthorized"), which API Gateway answers with 401."""
    kind, _, token = next(
        (value for name, value in event["headers"].items() if name.lower() == "authorization"), ""
    ).partition(" ")
    if kind.lower() != "bearer":
        raise Exception("Unauthorized")
    # The issuer must be reachable; otherwise API Gateway answers 500.
    if not _keys:
        _keys.append(jwt.PyJWKClient(_jwks_url(), cache_keys=True, timeout=_SECONDS))
    try:
        key = _keys[0].get_signing_key_from_jwt(token)
        # Access tokens of Cognito have no audience, but the client's id.
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            issuer=ISSUER,
            options={"require": ["exp", "iss"], "verify_aud": False},
        )
    except jwt.PyJWKClientConnectionError:
        raise
    except jwt.PyJWTError as error:
        print(json.dumps({"level": "INFO", "message": f"token refused: {error}"}))
        raise Exception("Unauthorized") from None
    named = claims.get("aud", claims.get("client_id"))
    if AUDIENCE not in (named if isinstance(named, list) else [named]):
        print(json.dumps({"level": "INFO", "message": "token refused: it is for another audience"}))
        raise Exception("Unauthorized")
    return _policy(event["methodArn"], claims)


def _policy(method_arn: str, claims: dict[str, Any]) -> dict[str, Any]:
    """Return the policy and the claims, each as a text, which the function gets in `requestContext.authorizer`."""
    api = "/".join(method_arn.split("/")[:2])
    scopes = set(str(claims.get("scope", "")).split())
    allowed = [f"{api}/{route}" for route, needed in ROUTES.items() if not needed or scopes & set(needed)]
    effect, resources = ("Allow", allowed) if allowed else ("Deny", [f"{api}/*"])
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resources}
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in claims.items()}
    return {
        "principalId": str(claims.get("sub", "")),
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": texts,
    }
