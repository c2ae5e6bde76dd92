"""Between Terraform's values and AWS's requests: what is set, generated names, polling with a deadline."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from threading import Lock
from typing import Any, TypeVar

from ..protocol.diagnostics import Diagnostic, DiagnosticError
from ..protocol.values import Values, is_zero

T = TypeVar("T")

_UNIQUE = re.compile(r"\d{18}[0-9a-f]{8}$")
_counter = count(1)
_counting = Lock()


def given(**arguments: Any) -> dict[str, Any]:
    """The arguments that are set: without null and zero values, as SDKv2's GetOk sees them."""
    return {key: value for key, value in arguments.items() if not is_zero(value)}


def first(blocks: list[Values] | None) -> Values:
    """The only element of a block that may be there once; {} when it is not."""
    return blocks[0] if blocks else {}


def unique_id(prefix: str) -> str:
    """`prefix` and 26 digits: UTC time to 0.1 ms and a counter in hex (SDKv2's PrefixedUniqueId)."""
    with _counting:
        number = next(_counter)
    now = datetime.now(UTC)
    return f"{prefix}{now:%Y%m%d%H%M%S}{now.microsecond // 100:04d}{number:08x}"


def name_of(values: Values, name: str = "name", suffix: str = "") -> str:
    """The argument `name`, else a generated one: `name`_prefix or "terraform-", 26 digits, `suffix`.

    It is set in `values`, so that an error of the create names it.
    """
    values[name] = values[name] or f"{unique_id(values[f'{name}_prefix'] or 'terraform-')}{suffix}"
    return str(values[name])


def prefix_of(name: str) -> str:
    """The prefix of a generated name, "" for any other."""
    return name[:-26] if _UNIQUE.search(name) else ""


def parts(import_id: str, form: str, *names: str) -> Values:
    """An import id `A/B/C` as values of `names`; the last one may contain slashes. Raises DiagnosticError."""
    values = import_id.split("/", len(names) - 1)
    if len(values) != len(names) or not all(values):
        raise DiagnosticError(Diagnostic(f"unexpected format of ID ({import_id!r}), expected {form}"))
    return dict(zip(names, values, strict=True))


def timestamp(moment: datetime | None) -> str:
    """`2026-11-24T13:00:04Z`."""
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def duration(text: str) -> float:
    """Seconds of a duration as Terraform writes it: `1h30m`, `90s`."""
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"([\d.]+)([hms])", text))


def poll(ask: Callable[[], T | None], *, seconds: float, waiting_for: str) -> T:
    """What `ask` answers as soon as it is not None; asks more and more slowly, every 3 s in the end.

    Raises TimeoutError after `seconds`.
    """
    deadline, pause = time.monotonic() + seconds, 0.05
    while (answer := ask()) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"timeout while waiting for {waiting_for} ({seconds:.0f} s)")
        time.sleep(pause)
        pause = min(pause * 1.5, 3)
    return answer


def retry(call: Callable[[], T], retriable: Callable[[Exception], bool], *, seconds: float) -> T:
    """What `call` returns; it is repeated while its exception is `retriable`, for at most `seconds`."""
    deadline, pause = time.monotonic() + seconds, 0.1
    while True:
        try:
            return call()
        except Exception as error:
            if time.monotonic() > deadline or not retriable(error):
                raise
        time.sleep(pause)
        pause = min(pause * 1.5, 3)
