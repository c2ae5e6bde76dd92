"""Patches of an app's process beyond lazy bindings: start Node before Python's imports, disable garbage collection."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path
from typing import Any

from cdktf_fast_synth.inject import cdktf_fast_synth_bindings as bindings

# `_start_node` replaces private methods of this version.
JSII = "1.142.0"


def begin() -> None:
    """Apply all patches, for a program that synthesizes once and exits.

    The imported modules stay in use until the end. Garbage collection would scan them several times and once more at
    exit, for a quarter of the run time. (Importing in a thread saves less. Two threads that import parts of one package
    can also deadlock; Python then returns a half-initialised module.)
    """
    bindings.install()
    if sys.prefix != sys.base_prefix:
        # Node's cache of compiled code.
        os.environ.setdefault("NODE_COMPILE_CACHE", str(Path(sys.prefix, "node-compile-cache")))
    gc.disable()
    atexit.register(gc.freeze)
    _start_node()


def _start_node() -> None:
    """Start Node now, and wait for its handshake at the first request.

    jsii 1.142.0 starts Node when it loads the first package, and waits for the handshake at once. There is no option
    for either, so this replaces the private method `_NodeProcess.handshake`.
    """
    import jsii

    if jsii.__version__ != JSII:
        bindings.explain(f"Node is not started early: jsii is {jsii.__version__}, not {JSII}")
        return
    from jsii._kernel.providers.process import _NodeProcess

    handshake: Any = _NodeProcess.handshake

    def later(node: Any) -> None:
        def send(*request: Any) -> Any:
            del node.send
            try:
                handshake(node)
            except ValueError:  # of json: there is no first line
                raise RuntimeError("Node ended at its start: read its output, and check NODE_OPTIONS") from None
            return node.send(*request)

        node.send = send

    _NodeProcess.handshake = later  # type: ignore[assignment, method-assign]
    _ = jsii.kernel.provider._process  # type: ignore[attr-defined]
