"""Runs at the start of each interpreter that has this folder on its PYTHONPATH; keep its imports few."""

from __future__ import annotations

import os
import sys


class _Jsii:
    """Finds jsii, once, and lets it record the source lines of constructs."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> object:
        if fullname != "jsii":
            return None
        sys.meta_path.remove(self)  # type: ignore[arg-type]
        from cdktf_harness_sources import noting  # type: ignore[import-not-found]

        return noting(fullname)


if __name__ == "sitecustomize":
    if os.environ.get("CDKTF_HARNESS_SOURCES"):
        sys.meta_path.insert(0, _Jsii())  # type: ignore[arg-type]
    # In the folder of cdktf_fast_synth, which is on the path, too.
    from cdktf_fast_synth_chain import run_next  # type: ignore[import-not-found]

    run_next(os.path.dirname(os.path.abspath(__file__)))
