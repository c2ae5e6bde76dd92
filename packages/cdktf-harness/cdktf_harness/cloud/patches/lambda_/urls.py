"""Lambda: the URL of a function leads to this cloud; ministack answers AWS's host, which it does not have
(services/lambda_svc.py 8093), but serves the URL at a path (app.py 2126)."""

from __future__ import annotations

import re
from typing import Any

from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_ON_AWS = re.compile(r"https://([a-z0-9]+)\.lambda-url\.[a-z0-9-]+\.on\.aws/")
_CALLS = [f"_{verb}_function_url_config" for verb in ("create", "get", "update")]


@replaces(service, *_CALLS, "_list_function_url_configs")
def _here(original: Any, *given: Any) -> Any:
    status, headers, body = original(*given)
    here = rf"http://{service._MINISTACK_HOST}:{service._GATEWAY_PORT}/_aws/lambda-url/\1/"
    return status, headers, _ON_AWS.sub(here, body.decode()).encode()
