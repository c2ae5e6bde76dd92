"""Runs at the start of each interpreter that has this folder on its PYTHONPATH; keep its imports few."""

from __future__ import annotations

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


def _next_one() -> None:
    """Run the `sitecustomize` that this one hides."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    paths = [os.path.abspath(path or ".") for path in sys.path]
    spec = PathFinder.find_spec("sitecustomize", paths[paths.index(_HERE) + 1 :])
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(module_from_spec(spec))


if __name__ == "sitecustomize":
    if os.environ.get("CDKTF_FAST_SYNTH") != "0":
        # In this file's folder.
        from cdktf_fast_synth_bindings import install  # type: ignore[import-not-found]

        install()
    _next_one()
