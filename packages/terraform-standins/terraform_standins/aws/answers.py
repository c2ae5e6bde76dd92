"""Whether what a cloud answers can be read at all, in the protocol of the call.

botocore takes any text for an answer without values, or raises what no retry sees.
"""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError

from ..protocol.json_errors import describe

FAILURES = (HTTPClientError, NoConnection)
"""botocore's exceptions for a call that got no answer, or one that does not parse."""
_TEXT_TYPES = ("string", "blob")


class Unreadable(HTTPClientError):  # type: ignore[misc]
    """An answer that is neither JSON nor XML, where one of them is due."""

    fmt = "deserialization failed, failed to decode response body, {reason}"

    def __init__(self, status: int, request_id: str, reason: str) -> None:
        super().__init__(reason=reason)
        self.status = status
        self.request_id = request_id


def check(operation: Any, answer: Any) -> Unreadable | None:
    """What is wrong with an answer to `operation` that does not parse. An empty one has no values."""
    if not answer.content or (answer.status_code < 300 and _is_free(operation.output_shape)):
        return None
    try:
        if "json" in operation.service_model.resolved_protocol:
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
    """Whether an answer of this shape may be any text: nobody reads it, or it is a policy or a file."""
    payload = shape is not None and shape.serialization.get("payload")
    return shape is None or bool(payload and shape.members[payload].type_name in _TEXT_TYPES)
