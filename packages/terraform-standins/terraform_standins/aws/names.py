"""Generated names, and ids that consist of several names."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import count
from threading import Lock

from ..protocol.diagnostics import DiagnosticError
from ..protocol.values import Values

_UNIQUE = re.compile(r"\d{18}[0-9a-f]{8}$")
_counter = count(1)
_counting = Lock()


def unique_id(prefix: str) -> str:
    """`prefix` and 26 digits: UTC time to 0.1 ms and a counter in hex (SDKv2's PrefixedUniqueId)."""
    with _counting:
        number = next(_counter)
    now = datetime.now(UTC)
    return f"{prefix}{now:%Y%m%d%H%M%S}{now.microsecond // 100:04d}{number:08x}"


def name_of(values: Values, name: str = "name") -> str:
    """The argument `name`, else a generated name: `name`_prefix or "terraform-", 26 digits, ".fifo" for such a queue.

    Sets it in `values`, so that errors of the create contain it.
    """
    suffix = ".fifo" if values.get("fifo_queue") or values.get("fifo_topic") else ""
    values[name] = values[name] or f"{unique_id(values[f'{name}_prefix'] or 'terraform-')}{suffix}"
    return str(values[name])


def prefix_of(name: str) -> str:
    """The prefix of a generated name, "" for any other name."""
    name = name.removesuffix(".fifo")
    return name[:-26] if _UNIQUE.search(name) else ""


def parts(import_id: str, form: str, *names: str) -> Values:
    """An import id `A/B/C` as values of `names`, separated as `form` is; the last one may contain separators.

    Raises DiagnosticError if the id has another form.
    """
    separator = next((one for one in "/|:,_" if one in form), "/")
    values = import_id.split(separator, len(names) - 1)
    if len(values) != len(names) or not all(values):
        raise DiagnosticError(f"unexpected format of ID ({import_id!r}), expected {form}")
    return dict(zip(names, values, strict=True))
