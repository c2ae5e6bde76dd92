"""Runs at the start of each interpreter that has this folder on its PYTHONPATH; keep its imports few."""

from __future__ import annotations

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


class _Jsii:
    """Finds jsii, once, and lets it record the source lines of constructs."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> object:
        if fullname != "jsii":
            return None
        sys.meta_path.remove(self)  # type: ignore[arg-type]
        from cdktf_harness_sources import noting  # type: ignore[import-not-found]

        return noting(fullname)


def _next_one() -> None:
    """Run the `sitecustomize` that this one hides."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    paths = [os.path.abspath(path or ".") for path in sys.path]
    spec = PathFinder.find_spec("sitecustomize", paths[paths.index(_HERE) + 1 :])
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(module_from_spec(spec))


if __name__ == "sitecustomize":
    if os.environ.get("CDKTF_HARNESS_SOURCES"):
        sys.meta_path.insert(0, _Jsii())  # type: ignore[arg-type]
    _next_one()
