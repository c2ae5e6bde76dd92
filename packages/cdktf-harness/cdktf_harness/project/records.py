"""What a deployment keeps on disk: for its owner only, and whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cdktf_harness.project.errors import HarnessError


def write(path: Path, content: Any) -> None:
    """Write `content` as JSON, mode 0600; whoever reads at the same time finds the old or the new content."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(content, file, indent=1)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def read(path: Path, valid: Callable[[Any], bool] = lambda content: True) -> Any:
    """The content; None where there is no such file. Raises HarnessError for one that is damaged, or not `valid`."""
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise HarnessError(f"{path} is damaged ({error}): delete it") from None
    if not valid(content):
        raise HarnessError(f"{path} is damaged (it holds something else): delete it")
    return content
