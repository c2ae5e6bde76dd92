"""JSON files of a deployment: readable by their owner only, replaced atomically. And whether a file has changed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cdktf_harness.system.errors import HarnessError
from terraform_standins import files


def write(path: Path, content: Any) -> None:
    """Write `content` as JSON with mode 0600, atomically."""
    files.write(path, json.dumps(content, indent=1).encode())


def state(path: Path) -> tuple[int, int, int]:
    """Return a fingerprint that changes when the file is rewritten or replaced. Raises OSError if there is none.

    The clock does not tell it: a file's time is that of the kernel's last tick, some milliseconds ago.
    """
    found = os.stat(path)
    return found.st_ino, found.st_size, found.st_mtime_ns


def read(path: Path, valid: Callable[[Any], bool] = lambda content: True) -> Any:
    """Return the content; None if there is no such file. Raises HarnessError if it is damaged or not `valid`."""
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise HarnessError(f"{path} is damaged ({error}): delete it") from None
    if not valid(content):
        raise HarnessError(f"{path} is damaged (unexpected content): delete it")
    return content
