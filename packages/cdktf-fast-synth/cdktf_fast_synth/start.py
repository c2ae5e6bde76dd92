"""What an app gains beyond bindings that load late: Node starts before Python's imports, nothing looks for garbage."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path
from typing import Any

from cdktf_fast_synth.inject import cdktf_fast_synth_bindings as bindings

# The only version whose start of Node is known.
JSII = "1.142.0"


def begin() -> None:
    """Do it, for a program that synthesizes once and ends.

    What such a program imports stays in use: to go through all of it for garbage, several times and at the end, would
    take a quarter of its time. (To import in a thread saves less, and two threads that import the parts of one package
    can each wait for the other: Python then hands out half a module.)
    """
    bindings.install()
    if sys.prefix != sys.base_prefix:
        # Where Node keeps what it has compiled.
        os.environ.setdefault("NODE_COMPILE_CACHE", str(Path(sys.prefix, "node-compile-cache")))
    gc.disable()
    atexit.register(gc.freeze)
    _start_node()


def _start_node() -> None:
    """Start Node now. jsii starts it with the first package that it loads, and waits for its greeting at once."""
    import jsii

    if jsii.__version__ != JSII:
        bindings.explain(f"Node starts when jsii starts it: jsii is {jsii.__version__}, not {JSII}")
        return
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
