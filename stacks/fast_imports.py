"""Import only what a synthesis uses, in half a second instead of more than ten.

Stock, the first import of `cdktf_cdktf_provider_aws` loads all of its 2,200 submodules, in Python and once more in the
Node process behind it. None of what changes that touches an installed file:

- Python: the package's `__init__`, which imports every submodule, is not run. Its module object exists
  with the right `__path__` and `__spec__`, so `from cdktf_cdktf_provider_aws.ecr_repository import ...`
  finds that submodule and loads it alone. Submodules never refer to their siblings through the package.
- Python again: what else the stacks import is imported while Node starts.
- Node: a `--require` hook (`fast_imports.cjs`) does the same for Node's half of the package, and for a few other
  things that take time and change nothing. In a virtual environment Node also keeps there what it has compiled.

The synthesized JSON is the same, which a test compares. `ONTRA_STOCK_IMPORTS=1` turns all of it off.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib.util
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

_HOOK = Path(__file__).with_suffix(".cjs")


def install(*bindings: str, meanwhile: Sequence[str] = ()) -> None:
    """Make the packages `bindings` load lazily, here and in the Node process that jsii starts.

    The modules `meanwhile`, which must import neither cdktf nor each other's half-done parts, load in a thread.
    """
    if os.environ.get("ONTRA_STOCK_IMPORTS") == "1":
        return
    for name in bindings:
        spec = importlib.util.find_spec(name) if name not in sys.modules else None
        if spec is not None:
            sys.modules[name] = importlib.util.module_from_spec(spec)
    # Node splits NODE_OPTIONS at spaces that are not inside double quotes.
    hook = f'--require "{_HOOK}"'
    options = os.environ.get("NODE_OPTIONS", "")
    if hook not in options:
        os.environ["NODE_OPTIONS"] = f"{options} {hook}".strip()
    if sys.prefix != sys.base_prefix:
        os.environ.setdefault("NODE_COMPILE_CACHE", str(Path(sys.prefix, "node-compile-cache")))
    # Before the thread begins, since both would only wait for the same interpreter until Node is started.
    import jsii  # noqa: F401

    threading.Thread(target=_import, args=(meanwhile,), name="imports").start()


def skip_garbage_collection() -> None:
    """Look for no garbage until this process ends, nor then: for a program that synthesizes once, and only that.

    What is imported stays in use, and going through it several times takes a quarter of such a program's time.
    """
    if os.environ.get("ONTRA_STOCK_IMPORTS") != "1":
        gc.disable()
        atexit.register(gc.freeze)


def _import(modules: Sequence[str]) -> None:
    # What cannot be imported is for the one to say who needs it, and imports it again.
    with contextlib.suppress(Exception):
        for name in modules:
            importlib.import_module(name)
