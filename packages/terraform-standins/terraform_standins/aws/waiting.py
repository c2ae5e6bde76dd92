"""Poll until a condition holds, and retry calls that fail."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TypeVar

from ..waiting import poll

T = TypeVar("T")


def duration(text: str) -> float:
    """The seconds of a duration in Terraform's form: `1h30m`, `90s`."""
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"([\d.]+)([hms])", text))


def wait_for(ask: Callable[[], T | None], *, seconds: float, waiting_for: str) -> T:
    """Call `ask` until it returns something else than None. Raises TimeoutError after `seconds`."""
    answer = poll(ask, seconds, until=lambda answer: answer is not None, every=0.05, slowest=3)
    if answer is None:
        raise TimeoutError(f"timeout while waiting for {waiting_for} ({seconds:.0f} s)")
    return answer


def retry(call: Callable[[], T], retriable: Callable[[Exception], bool], *, seconds: float) -> T:
    """What `call` returns; repeat it while AWS's error is `retriable`, for at most `seconds`."""
    from botocore.exceptions import ClientError

    deadline, pause = time.monotonic() + seconds, 0.1
    while True:
        try:
            return call()
        except ClientError as error:
            if time.monotonic() > deadline or not retriable(error):
                raise
        time.sleep(pause)
        pause = min(pause * 1.5, 3)
