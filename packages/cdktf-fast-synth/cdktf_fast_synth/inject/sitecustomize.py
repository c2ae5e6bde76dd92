"""Runs at the start of each interpreter that has this folder on its PYTHONPATH; keep its imports few."""

from __future__ import annotations

import os

if __name__ == "sitecustomize":
    # In this file's folder.
    from cdktf_fast_synth_chain import run_next  # type: ignore[import-not-found]

    if os.environ.get("CDKTF_FAST_SYNTH") != "0":
        from cdktf_fast_synth_bindings import install  # type: ignore[import-not-found]

        install()
    run_next(os.path.dirname(os.path.abspath(__file__)))
