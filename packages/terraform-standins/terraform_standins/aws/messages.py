"""AWS's errors in the words of the AWS SDK for Go v2, which the real provider shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

# Raised when a value is missing in an answer or has another type.
_SURPRISES = (KeyError, IndexError, TypeError, AttributeError)


def error_code(error: Exception) -> str:
    """AWS's error code in an exception of botocore; "" for any other exception."""
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""


def or_none(call: Callable[[], T], *codes: str, saying: str = "") -> T | None:
    """What `call` returns; None if AWS's error has one of these codes (patterns), or `saying` in its message."""
    from botocore.exceptions import ClientError

    try:
        return call()
    except ClientError as error:
        if any(re.fullmatch(code, error_code(error)) for code in codes) or (saying and saying in str(error)):
            return None
        raise


def aws_message(error: Exception, service: str) -> str:
    """One line for an exception of a call to `service`."""
    if isinstance(error, _SURPRISES):
        return _surprise(error)
    if isinstance(getattr(error, "response", None), dict):
        return _refusal(error, service)
    from botocore.parsers import ResponseParserError

    from .answers import FAILURES

    if isinstance(error, ResponseParserError):
        return _surprise(error)
    return _failure(error, service) if isinstance(error, FAILURES) else str(error)


def _surprise(error: Exception) -> str:
    """The cloud's answer, for an exception of Python that only names what is missing."""
    from .retries import last

    what = f"missing {error}" if isinstance(error, KeyError) else str(error)
    return f"{last.text}: {what}" if last.text else f"{type(error).__name__}: {error}"


def _refusal(error: Exception, service: str) -> str:
    operation, response = getattr(error, "operation_name", ""), getattr(error, "response", {})
    meta, details = response.get("ResponseMetadata", {}), response.get("Error", {})
    code = details.get("Code", "")
    return (
        f"{_operation(service, operation, meta.get('GivenUpAfter'))}"
        f"https response error StatusCode: {meta.get('HTTPStatusCode', 0)}, RequestID: {meta.get('RequestId', '')}, "
        f"{'' if code in _modelled(service, operation) else 'api error '}{code}: {details.get('Message', '')}"
    )


def _failure(error: Any, service: str) -> str:
    """The message for a call without an answer, or with one that cannot be parsed."""
    from .answers import Unreadable
    from .retries import is_refused, is_unknown_host

    request, attempts = error.request, getattr(error, "given_up_after", None)
    url = urlsplit(request.url)
    unreadable = isinstance(error, Unreadable)
    start = (
        f"{_operation(service, error.operation, attempts)}"
        f"https response error StatusCode: {error.status if unreadable else 0}, "
        f"RequestID: {error.request_id if unreadable else ''}, "
    )
    if unreadable:
        return f"{start}{error}"
    if is_refused(error) and error.is_here:
        return f"the cloud at {url.scheme}://{url.netloc} does not answer: start it, or fix the endpoint"
    reason = str(error)
    if is_unknown_host(error):
        reason = f"dial tcp: lookup {url.hostname}: no such host"
    elif is_refused(error):
        reason = f"dial tcp {url.netloc}: connect: connection refused"
    return f'{start}request send failed, {request.method.capitalize()} "{request.url}": {reason}'


def _operation(service: str, operation: str, attempts: int | None) -> str:
    exceeded = f"exceeded maximum number of attempts, {attempts}, " if attempts else ""
    return f"operation error {_model(service).service_id}: {operation}, {exceeded}"


def _modelled(service: str, operation: str) -> set[str]:
    """The error codes in the model of an operation; the SDK calls others `api error`."""
    shapes = _model(service).operation_model(operation).error_shapes if operation else []
    return {code for shape in shapes for code in (shape.name, shape.error_code)}


@cache
def _model(service: str) -> Any:
    from botocore.session import get_session

    return get_session().get_service_model(service)
