"""Import only what a synthesis uses, in half a second instead of more than ten.

Stock, the first import of `cdktf_cdktf_provider_aws` loads all of its 2,200 submodules, in Python and once more in the
Node process behind it. None of what changes that touches an installed file:

- Python: the package's `__init__`, which imports every submodule, is not run. Its module object exists
  with the right `__path__` and `__spec__`, so `from cdktf_cdktf_provider_aws.ecr_repository import ...`
  finds that submodule and loads it alone. Submodules never refer to their siblings through the package.
- Node: a `--require` hook (`fast_imports.cjs`) does the same for Node's half of the package, and for a few other
  things that take time and change nothing. In a virtual environment Node also keeps there what it has compiled.
- A program that synthesizes and ends starts Node before Python's imports and looks for no garbage.

The synthesized JSON is the same, which a test compares. `ONTRA_STOCK_IMPORTS=1` turns all of it off.
"""

from __future__ import annotations

import atexit
import gc
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

_HOOK = Path(__file__).with_suffix(".cjs")
_STOCK = os.environ.get("ONTRA_STOCK_IMPORTS") == "1"
# What the stacks import besides, and what needs no Node.
_MEANWHILE = ("pydantic_settings",)


def install(*bindings: str) -> None:
    """Make the packages `bindings` load lazily, here and in the Node process that jsii starts."""
    if _STOCK:
        return
    for name in bindings:
        spec = importlib.util.find_spec(name) if name not in sys.modules else None
        if spec is not None:
            sys.modules[name] = importlib.util.module_from_spec(spec)
    # Node splits NODE_OPTIONS at spaces that are not inside double quotes, where a backslash escapes.
    hook = f"--require {json.dumps(str(_HOOK), ensure_ascii=False)}"
    options = os.environ.get("NODE_OPTIONS", "")
    if hook not in options:
        os.environ["NODE_OPTIONS"] = f"{options} {hook}".strip()
    if sys.prefix != sys.base_prefix:
        os.environ.setdefault("NODE_COMPILE_CACHE", str(Path(sys.prefix, "node-compile-cache")))


def begin() -> None:
    """Start Node, and import until it is ready what else the stacks need.

    For a program that synthesizes once and ends. What such a program imports stays in use: to go through all of it for
    garbage, several times and at the end, would take a quarter of its time. (To import in a thread saves less, and two
    threads that import the parts of one package can each wait for the other: Python then hands out half a module.)
    """
    if _STOCK:
        return
    gc.disable()
    atexit.register(gc.freeze)
    _start_node()
    for name in _MEANWHILE:
        importlib.import_module(name)


def _start_node() -> None:
    # jsii 1.142 starts Node with the first package that it loads, and waits for its greeting at once.
    import jsii
    from jsii._kernel.providers.process import _NodeProcess

    greeting: Any = _NodeProcess.handshake

    def later(node: Any) -> None:
        def send(*request: Any) -> Any:
            del node.send
            greeting(node)
            return node.send(*request)

        node.send = send

    _NodeProcess.handshake = later  # type: ignore[assignment, method-assign]
    _ = jsii.kernel.provider._process  # type: ignore[attr-defined]
