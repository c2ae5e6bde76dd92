"""The largest bodies that are accepted, by kind of request."""

from __future__ import annotations

import sys

from cdktf_harness.cloud.front_door import addresses
from cdktf_harness.cloud.front_door.request import Request

_MIB = 1 << 20
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: invocations by URL.
_FUNCTION_URL = 6 * _MIB
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html: the payload of all kinds of APIs.
_API = 10 * _MIB
_OBJECT = 5 << 30
# The largest of the other calls, functions' code: 50 MB of ZIP in base64 (Lambda's message: "Request must be smaller
# than 70167211 bytes").
_CALL = 70_167_211


def limit(request: Request, signed_for: str = "") -> int:
    """Return the limit of a request's body in bytes; `signed_for` is the service that it is signed for, if it is."""
    if signed_for:
        return _OBJECT if signed_for in ("s3", "s3-object-lambda") else _CALL
    if addresses.is_registry(request):
        return sys.maxsize
    if not addresses.is_public(request):
        return 0
    return _FUNCTION_URL if addresses.is_function_url(request) else _API
