"""Retry calls to AWS as the real provider does, and keep the last answer for error messages.

The real provider's SDK makes 25 attempts (`max_retries`), or nine if the connection is refused. Delays grow to 20
seconds; there is no shared retry quota. It also retries after an answer that cannot be parsed.

For an endpoint on this machine delays are short. If the connection is refused there, the embedded cloud has ended; the
user gets the error after four attempts instead of a minute and a half.

Sources: github.com/hashicorp/aws-sdk-go-base, aws_config.go (resolveRetryer, networkErrorShortcutter);
github.com/aws/aws-sdk-go-v2, aws/retry (standard.go, jitter_backoff.go, retryable_error.go).
"""

from __future__ import annotations

import random
import threading
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import EndpointConnectionError, SSLError

from .answers import FAILURES, Unreadable, check

_ATTEMPTS_IF_REFUSED = 9
_LONGEST_PAUSE = 20.0
_HERE = ("localhost", "127.0.0.1", "::1")
_ATTEMPTS_HERE = 4
_LONGEST_PAUSE_HERE = 0.5
_PASSING = (500, 502, 503, 504)
_PASSING_CODES = {
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
}


class _Answer(threading.local):
    """The answer to the last call of this thread, as a text for error messages."""

    text = ""


last = _Answer()


def attach(client: Any, limit: int) -> None:
    """Retry the calls of a botocore client, up to `limit` attempts; disable the client's own retries."""
    service = client.meta.service_model.service_id.hyphenize()

    def send(request: Any, event_name: str, **_: Any) -> Any:
        operation = client.meta.service_model.operation_model(event_name.rsplit(".", 1)[1])
        last.text = ""
        try:
            answer = client._endpoint._send(request)
        except FAILURES as error:
            raise _annotated(error, request, operation) from None
        if not request.stream_output:
            url = urlsplit(request.url)
            text = " ".join(answer.text.split()) or "nothing"
            last.text = f"the cloud at {url.scheme}://{url.netloc} answered {text:.200} to {operation.name}"
            if unreadable := check(operation, answer):
                raise _annotated(unreadable, request, operation)
        return answer

    def again(attempts: int, response: Any, caught_exception: Any, request_dict: Any, **_: Any) -> float | None:
        here = _is_here(request_dict["url"])
        if not _passes(response, caught_exception):
            return None
        if_refused = min(limit, _ATTEMPTS_HERE if here else _ATTEMPTS_IF_REFUSED)
        if attempts >= (if_refused if is_refused(caught_exception) else limit):
            _note(attempts, response, caught_exception)
            return None
        return min(random.random() * 2.0**attempts, _LONGEST_PAUSE_HERE if here else _LONGEST_PAUSE)

    client.meta.events.register(f"before-send.{service}", send)
    client.meta.events.register(f"needs-retry.{service}", again)


def _annotated(error: Any, request: Any, operation: Any) -> Any:
    # For `aws_message`: botocore's errors contain only an address.
    error.request, error.operation, error.is_here = request, operation.name, _is_here(request.url)
    return error


def _is_here(url: str) -> bool:
    return urlsplit(url).hostname in _HERE


def _passes(response: Any, error: Any) -> bool:
    """Whether another attempt may succeed."""
    if response is not None:
        http, parsed = response
        return http.status_code in _PASSING or parsed.get("Error", {}).get("Code") in _PASSING_CODES
    if isinstance(error, Unreadable):
        return not 300 <= error.status < 500
    return isinstance(error, FAILURES) and not (isinstance(error, SSLError) or is_unknown_host(error))


def is_refused(error: Exception) -> bool:
    """Whether an exception of botocore means that the connection was refused."""
    return isinstance(error, EndpointConnectionError) and "refused" in str(error.kwargs.get("error"))


def is_unknown_host(error: Exception) -> bool:
    """Whether an exception of botocore means that a host name cannot be resolved."""
    return isinstance(error, EndpointConnectionError) and "resolve" in str(error.kwargs.get("error"))


def _note(attempts: int, response: Any, error: Any) -> None:
    # For `aws_message`: the number of attempts after which the call failed.
    if response is not None:
        response[1].setdefault("ResponseMetadata", {})["GivenUpAfter"] = attempts
    else:
        error.given_up_after = attempts
