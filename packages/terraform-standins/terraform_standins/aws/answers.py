"""Check whether an answer of the cloud can be parsed in the protocol of the call.

botocore reads an unparsable answer as one without values, or raises an error that its retries do not handle.
"""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError

from ..protocol.json_errors import describe

FAILURES = (HTTPClientError, NoConnection)
"""botocore's exceptions for a call without an answer, or with one that cannot be parsed."""
_TEXT_TYPES = ("string", "blob")


class Unreadable(HTTPClientError):  # type: ignore[misc]
    """An answer is neither JSON nor XML although the operation returns one of them."""

    fmt = "deserialization failed, failed to decode response body, {reason}"

    def __init__(self, status: int, request_id: str, reason: str) -> None:
        super().__init__(reason=reason)
        self.status = status
        self.request_id = request_id


def check(operation: Any, answer: Any) -> Unreadable | None:
    """The error for an answer to `operation` that cannot be parsed, else None. An empty answer has no values."""
    if not answer.content or (answer.status_code < 300 and _is_free(operation.output_shape)):
        return None
    try:
        model = operation.service_model
        # botocore before 1.36 speaks the first protocol of the model.
        if "json" in getattr(model, "resolved_protocol", model.metadata["protocol"]):
            json.loads(answer.content)
        else:
            ElementTree.fromstring(answer.content)
    except json.JSONDecodeError as error:
        reason = describe(error)
    except (ElementTree.ParseError, UnicodeDecodeError) as error:
        reason = str(error)
    else:
        return None
    return Unreadable(answer.status_code, answer.headers.get("x-amzn-requestid", ""), reason)


def _is_free(shape: Any) -> bool:
    """Whether an answer of this shape may be any text: it is not used, or it is a policy or a file."""
    payload = shape is not None and shape.serialization.get("payload")
    return shape is None or bool(payload and shape.members[payload].type_name in _TEXT_TYPES)
