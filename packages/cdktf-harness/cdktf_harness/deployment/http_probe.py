"""Ask a deployed URL."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from cdktf_harness.cloud import ENGINE_ERROR
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.http import Answer, send
from terraform_standins.waiting import poll

PATIENCE_SECONDS = 30.0
_PASSING = (500, 502, 503, 504)
# AWS answers it until a new API is available everywhere; an API with keys always answers it.
_FORBIDDEN = 403
# The embedded cloud's answer if a function returned no valid response, and only then. AWS's is the same for a time-out.
_BAD_GATEWAY, _MALFORMED = 502, "Internal server error"
_WHAT_TO_RETURN = 'let the function return {"statusCode": NUMBER, "headers": {...}, "body": STRING}, with no other keys'
# The beginning of Lambda's message when the runtime has ended.
_OF_REQUEST = re.compile(r"^RequestId: \S+ Error: ")
_POLL_SECONDS = 0.5


class EngineGone(HarnessError):
    """The embedded cloud has no engine to run functions with; what was deployed may be good."""


def fetch(url: str, patience: float = PATIENCE_SECONDS, headers: Mapping[str, str] | None = None) -> str:
    """Return the answer to a GET of `url`; repeat it for a while if the error may pass. Raises HarnessError."""
    try:
        local = urlsplit(url).hostname == "localhost"
        passing = _PASSING if local else (*_PASSING, _FORBIDDEN)

        def malformed(answer: Answer) -> bool:
            return local and answer.status == _BAD_GATEWAY and _MALFORMED in answer.text

        def final(answer: Answer) -> bool:
            return answer.status not in passing or malformed(answer) or own_error(answer.text)

        answer = poll(lambda: send(url, headers=headers), patience, until=final, every=_POLL_SECONDS)
    except ValueError:
        raise HarnessError(f"{url!r} is not a URL: fix the output that `url` in pyproject.toml names") from None
    except OSError as error:
        raise HarnessError(f"{url} does not answer ({error}): is it up?") from None
    if malformed(answer):
        raise HarnessError(f"{url} answered {answer.status}: {answer.text}; {_WHAT_TO_RETURN}")
    if local and ENGINE_ERROR in answer.text:
        raise EngineGone("the Docker engine, which runs the functions, does not answer; start it, then try again")
    if answer.status >= 400:
        reason = raised(answer.text)
        said = f"the function failed: {reason}" if reason else answer.text
        raise HarnessError(f"{url} answered {answer.status}: {said}")
    return answer.text


def raised(text: str) -> str:
    """Describe the error of a function that Lambda returns; empty if `text` is none."""
    try:
        error = json.loads(text)
        # The embedded cloud wraps what a function returns that fails before it gets a request.
        error = json.loads(error["message"]) if "message" in error else error
        kind, message = str(error["errorType"]), _OF_REQUEST.sub("", str(error["errorMessage"]))
        frames = error.get("stackTrace") or [""]
    except (ValueError, KeyError, TypeError):
        return ""
    place = re.search(r'File "(.+?)", line (\d+)', str(frames[-1]))
    where = f" ({place[1]}, line {place[2]})" if place else ""
    return f"{kind}: {' '.join(message.split())}{where}"


def own_error(text: str) -> bool:
    """Whether the error is the function's own, which the embedded cloud answers in full, and not a time-out."""
    return "errorType" in text and not re.search("[Tt]imed ?out", text)
