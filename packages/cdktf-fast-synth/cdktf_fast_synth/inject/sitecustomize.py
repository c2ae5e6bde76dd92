"""Runs at the start of each interpreter that has this folder on its PYTHONPATH; keep its imports few."""

from __future__ import annotations

import atexit
import gc
import os

if __name__ == "sitecustomize":
    # In this file's folder.
    from cdktf_fast_synth_chain import run_next  # type: ignore[import-not-found]

    if os.environ.get("CDKTF_FAST_SYNTH") != "0":
        from cdktf_fast_synth_bindings import install  # type: ignore[import-not-found]

        install()
        # The imports make hundreds of thousands of objects that stay until the end.
        gc.set_threshold(100_000, 50, 100)
        atexit.register(gc.freeze)
    run_next(os.path.dirname(os.path.abspath(__file__)))
