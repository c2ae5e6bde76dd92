"""A folder for PYTHONPATH, with which the interpreter of an app loads late what it may never use.

Its `sitecustomize` lets the provider bindings load late. The app is the same program as ever, and makes the same JSON.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent
STOCK_VARIABLE = "CDKTF_HARNESS_STOCK_IMPORTS"
# Node splits NODE_OPTIONS at spaces that are not inside double quotes, where a backslash escapes.
_NODE_HOOK = f"--require {json.dumps(str(FOLDER / 'lazy_bindings.cjs'), ensure_ascii=False)}"


def late(env: Mapping[str, str]) -> dict[str, str]:
    """`env` with what makes an app's bindings load late, unless that says CDKTF_HARNESS_STOCK_IMPORTS=1."""
    hook = "" if env.get(STOCK_VARIABLE) == "1" else _NODE_HOOK
    options = " ".join(filter(None, [env.get("NODE_OPTIONS", ""), hook]))
    path = os.pathsep.join(filter(None, [str(FOLDER), env.get("PYTHONPATH", "")]))
    return {**env, "NODE_OPTIONS": options, "PYTHONPATH": path}
