"""A folder for PYTHONPATH: its `sitecustomize` notes where an app makes its constructs, and lets bindings load late."""

from __future__ import annotations

import json
import os
from pathlib import Path

FOLDER = Path(__file__).parent
FILE_VARIABLE = "CDKTF_HARNESS_SOURCES"
# Node splits NODE_OPTIONS at spaces that are not inside double quotes.
_NODE_HOOK = f'--require "{FOLDER / "lazy_bindings.cjs"}"'


def environment(file: Path, inherited: str = "") -> dict[str, str]:
    """What makes an app write `file`; `inherited` is the PYTHONPATH that there is already."""
    node_options = os.environ.get("NODE_OPTIONS", "")
    return {
        "NODE_OPTIONS": f"{node_options} {_NODE_HOOK}".strip(),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(FOLDER), inherited])),
        FILE_VARIABLE: str(file),
    }


def read(file: Path) -> dict[str, str]:
    """`file.py:line` by construct path; empty when the app has noted nothing."""
    try:
        sources: dict[str, str] = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return sources
