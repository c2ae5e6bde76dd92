"""Ask a deployed URL."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from http.client import InvalidURL
from urllib.parse import urlsplit

from cdktf_harness.project.errors import HarnessError

PATIENCE_SECONDS = 30.0
# A cold start under emulation can outlast a function's time-out.
_PASSING = (500, 502, 503, 504)
# What AWS answers as long as it has not spread a new API everywhere, and what an API with keys answers for ever.
_FORBIDDEN = 403
# What the embedded cloud says of an answer that is none, and nothing else. AWS says so of a time-out, too.
_BAD_GATEWAY, _MALFORMED = 502, "Internal server error"
_WHAT_TO_RETURN = 'let the function return {"statusCode": NUMBER, "headers": {...}, "body": STRING}, with no other keys'
# The emulator's error when the runtime is gone; its message says nothing.
_ENDED = "Runtime.ExitError"
_POLL_SECONDS = 0.5


def fetch(url: str, patience: float = PATIENCE_SECONDS) -> str:
    """What a GET of `url` answers, asked again for a while when the error is one that passes. Raises HarnessError."""
    deadline = time.monotonic() + patience
    while True:
        try:
            local = urlsplit(url).hostname == "localhost"
            passing = _PASSING if local else (*_PASSING, _FORBIDDEN)
            with urllib.request.urlopen(url, timeout=60) as answer:
                return str(answer.read().decode(errors="replace"))
        except urllib.error.HTTPError as error:
            with error:
                text = error.read().decode(errors="replace")
            if local and error.code == _BAD_GATEWAY and _MALFORMED in text:
                raise HarnessError(f"{url} answered {error.code}: {text}; {_WHAT_TO_RETURN}") from None
            if error.code not in passing or _own_error(text) or time.monotonic() >= deadline:
                raise HarnessError(refused(url, error.code, text)) from None
        except (ValueError, InvalidURL):
            raise HarnessError(f"{url!r} is not a URL: fix the output that `url` in pyproject.toml names") from None
        except OSError as error:
            raise HarnessError(f"{url} does not answer ({error}): is it up?") from None
        time.sleep(_POLL_SECONDS)


def refused(url: str, status: int, text: str) -> str:
    """One line about an answer that is no success: what the function raised, or `text` where it does not say."""
    try:
        error = json.loads(text)
        # The embedded cloud wraps what a function returns that fails before it gets a request.
        error = json.loads(error["message"]) if "message" in error else error
        kind, message = str(error["errorType"]), str(error["errorMessage"])
        frames = error.get("stackTrace") or [""]
    except (ValueError, KeyError, TypeError):
        return f"{url} answered {status}: {text}"
    if kind == _ENDED:
        message = "its process ended before it answered"
    place = re.search(r'File "(.+?)", line (\d+)', str(frames[-1]))
    where = f" ({place[1]}, line {place[2]})" if place else ""
    return f"{url} answered {status}: the function failed: {kind}: {' '.join(message.split())}{where}"


def _own_error(text: str) -> bool:
    """Whether it is the function's own error, which the embedded cloud shows whole, and no time-out."""
    return "errorType" in text and not re.search("[Tt]imed ?out", text)
