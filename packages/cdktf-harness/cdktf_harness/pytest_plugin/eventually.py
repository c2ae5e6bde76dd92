"""Wait for what happens later."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cdktf_harness.synthesis.matching import show
from terraform_standins.waiting import poll

T = TypeVar("T")
SECONDS = 30.0
# Errors of the test itself, which do not pass.
_MISTAKES = (AttributeError, NameError, TypeError)


def eventually(check: Callable[[], T], reason: str, *, seconds: float = SECONDS) -> T:
    """Call `check` until its result is true, and return that; an exception or a failed assertion counts as false.

    Fails after `seconds` with `reason`, which says what is expected, and the last result.
    """
    __tracebackhide__ = True

    def ask() -> tuple[bool, T | Exception]:
        try:
            return bool(result := check()), result
        except _MISTAKES:
            raise
        except Exception as error:  # any client's error means "not yet"
            return False, error

    passed, last = poll(ask, seconds, until=lambda found: found[0], every=0.05, slowest=1)
    if passed and not isinstance(last, Exception):
        return last
    said = f"{type(last).__name__}: {last}" if isinstance(last, Exception) else show(last)
    raise AssertionError(f"not within {seconds:g} s: {reason}; the last result was {said}")
