"""The largest bodies that AWS accepts, by kind of request."""

from __future__ import annotations

import sys

from cdktf_harness.cloud.front_door import addresses
from cdktf_harness.cloud.front_door.request import Request

_MIB = 1 << 20
# Most calls take up to 1 MiB of content, which is larger in base64 or with URL encoding.
_DEFAULT = 4 * _MIB
# Functions' code: 50 MB of ZIP in base64 (Lambda's message: "Request must be smaller than 70167211 bytes").
_CODE = 70_167_211
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: invocations, also by URL.
_SYNCHRONOUS, _ASYNCHRONOUS = 6 * _MIB, _MIB
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html: the payload of all kinds of APIs.
_API = 10 * _MIB
_SERVICES = {
    "apigateway": 8 * _MIB,  # an OpenAPI document of 6 MB
    "dynamodb": 16 * _MIB,
    "ecr": 28 * _MIB,  # a part of a layer of 20 MiB, in base64
    "firehose": 6 * _MIB,
    "kinesis": 14 * _MIB,
    "s3": 5 << 30,
    "s3-object-lambda": 5 << 30,
    "ses": 40 * _MIB,
}


def limit(request: Request, signed_for: str = "") -> int:
    """Return the limit of a request's body in bytes; `signed_for` is the service that it is signed for, if it is."""
    if signed_for == "lambda":
        if not request.path.endswith("/invocations"):
            return _CODE
        return _ASYNCHRONOUS if request.headers.get("x-amz-invocation-type") == "Event" else _SYNCHRONOUS
    if signed_for:
        return _SERVICES.get(signed_for, _DEFAULT)
    if addresses.is_registry(request):
        return sys.maxsize
    if not addresses.is_public(request):
        return 0
    return _SYNCHRONOUS if addresses.is_function_url(request) else _API
