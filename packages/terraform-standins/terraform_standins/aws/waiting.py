"""Poll until a condition holds, and retry calls that fail."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def duration(text: str) -> float:
    """The seconds of a duration in Terraform's form: `1h30m`, `90s`."""
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"([\d.]+)([hms])", text))


def poll(ask: Callable[[], T | None], *, seconds: float, waiting_for: str) -> T:
    """Call `ask` until it returns something else than None, with growing delays of up to 3 s.

    Raises TimeoutError if that takes longer than `seconds`.
    """
    deadline, pause = time.monotonic() + seconds, 0.05
    while (answer := ask()) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"timeout while waiting for {waiting_for} ({seconds:.0f} s)")
        time.sleep(pause)
        pause = min(pause * 1.5, 3)
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
