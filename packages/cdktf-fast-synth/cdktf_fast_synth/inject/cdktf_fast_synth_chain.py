"""Several `sitecustomize` modules on one path: Python runs the first one only. Imports are few and late."""

import os
import sys


def run_next(folder: str) -> None:
    """Run the `sitecustomize` that the one in `folder` hides."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    paths = [os.path.abspath(path or ".") for path in sys.path]
    spec = PathFinder.find_spec("sitecustomize", paths[paths.index(folder) + 1 :])
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(module_from_spec(spec))
