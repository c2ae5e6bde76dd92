"""Replace ministack 1.5's fixed credentials by those of the deployment."""

from __future__ import annotations

import base64
import hmac
import json
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode, urlsplit

from ministack.core import iam_evaluator  # type: ignore[import-untyped]
from ministack.core.responses import get_account_id, get_region, json_response  # type: ignore[import-untyped]

from cdktf_harness.cloud.access_config import REGISTRY_USER, Access
from cdktf_harness.cloud.front_door.request import Request
from cdktf_harness.cloud.replacing import replaces

if TYPE_CHECKING:
    # Its import takes a third of a cloud's start.
    from docker import DockerClient

_TOKEN_SECONDS = 43200
# In the URL of a layer, for which ECR's GetDownloadUrlForLayer grants a limited time.
_LINK, _LINK_SECONDS = "X-Registry-Link", 3600
# The access key of the request, where policies are evaluated.
caller: ContextVar[str] = ContextVar("caller", default="")


def registry_caller(access: Access, request: Request) -> str | None:
    """Return the access key of a request to the image registry, by its login or its link; None if it has neither."""
    if login := request.headers.get("authorization"):
        return access.registry_caller(login)
    link = "".join(request.query.get(_LINK, []))
    expires, _, rest = link.partition(".")
    key = rest.partition(".")[0]
    valid = request.method in ("GET", "HEAD") and expires.isdecimal() and int(expires) > time.time()
    known = valid and hmac.compare_digest(link.encode(), access.registry_link(request.path, int(expires), key).encode())
    return (key or access.deployment.access_key_id) if known else None


def install(access: Access, port: int) -> None:
    """Use the credentials of `access` for functions, for ECR's logins, and for pulls of functions' images.

    Call this before ministack's services are imported.
    """
    _know(access)
    from ministack.services import ecr, lambda_svc  # type: ignore[import-untyped]

    registry, login = f"localhost:{port}", {"username": REGISTRY_USER, "password": access.registry_password}

    def aws_name() -> str:
        return f"{get_account_id()}.dkr.ecr.{get_region()}.amazonaws.com"

    @replaces(ecr, "_get_download_url_for_layer")
    def download_url(original: Any, data: Any) -> Any:
        answer = original(data)
        if answer[0] != 200:
            return answer
        found = json.loads(answer[2])
        path, expires = urlsplit(found["downloadUrl"]).path, int(time.time()) + _LINK_SECONDS
        link = access.registry_link(unquote(path), expires, caller.get())
        found["downloadUrl"] = f"http://{registry}{path}?{urlencode({_LINK: link})}"
        return json_response(found)

    @replaces(ecr, "_get_authorization_token")
    def authorization_token(_: Any, data: Any) -> Any:
        endpoint = f"https://{aws_name()}"
        expires = int(time.time()) + _TOKEN_SECONDS
        token = base64.b64encode(access.registry_token(caller.get()).encode()).decode()
        given = {"authorizationToken": token, "expiresAt": expires, "proxyEndpoint": endpoint}
        return json_response({"authorizationData": [given]})

    @replaces(lambda_svc, "_get_docker_client")
    def logged_in_client(original: Any) -> DockerClient | None:
        found: DockerClient | None = original()
        if found is not None:
            # As `login` does after an answer of the registry; here the registry is this process itself.
            for name in (registry, *([aws_name()] if access.aws_hosts else [])):
                found.api._auth_configs.add_auth(name, login)  # type: ignore[attr-defined]
        return found

    if not access.enforced:  # else those of the function's role
        lambda_svc.execution_credentials = lambda config: {**access.functions.environment, "AWS_SESSION_TOKEN": ""}


def _know(access: Access) -> None:
    """Make the credentials known to services that check signatures themselves, such as S3, or tell who has signed."""
    secrets = {own.access_key_id: own.secret_access_key for own in (access.deployment, access.functions)}

    @replaces(iam_evaluator, "resolve_credential")
    def resolve(original: Any, access_key_id: str, account_id: str | None = None, *token: Any) -> Any:
        if access_key_id not in secrets:
            return original(access_key_id, account_id, *token)
        account = account_id or get_account_id()
        return iam_evaluator.ResolvedCredential(
            access_key_id=access_key_id,
            secret_access_key=secrets[access_key_id],
            account_id=account,
            principal_arn=f"arn:aws:iam::{account}:root",
            principal_id=account,
            principal_type="Root",
            source_access_key_id=access_key_id,
        )

    @replaces(iam_evaluator, "resolve_caller_identity")
    def identify(original: Any, access_key_id: str) -> Any:
        # As ministack's fixed key, which is the root user's, too.
        own = access_key_id in secrets
        return {**original("test"), "accessKey": access_key_id} if own else original(access_key_id)
