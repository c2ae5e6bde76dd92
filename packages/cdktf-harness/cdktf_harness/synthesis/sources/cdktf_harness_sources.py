"""Record the Python file and line that creates each construct of a CDKTF app, by construct path.

CDKTF's stack traces are those of its Node process, and its Python binding does not enable them: the metadata of a
synthesized resource has a path and no trace. So this wraps `jsii.create`, which creates every construct while the
app's own code is on the stack.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import FrameType
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))
_PACKAGES = f"{os.sep}site-packages{os.sep}"


def noting(name: str) -> ModuleSpec | None:
    """Return the spec of the module `name`, jsii, with a `create` that records source lines."""
    spec = importlib.util.find_spec(name)
    if spec is not None and spec.loader is not None:
        load = spec.loader.exec_module

        def load_and_wrap(module: Any) -> None:
            load(module)
            module.create = _Notes(module.create)

        spec.loader.exec_module = load_and_wrap  # type: ignore[method-assign]
    return spec


class _Notes:
    """A `jsii.create` that records source lines of constructs: the objects with a scope and an id."""

    def __init__(self, create: Callable[..., Any]) -> None:
        self._create = create
        # By identity. The construct is kept so that its id is not reused.
        self._paths: dict[int, tuple[Any, str]] = {}
        self._sources: dict[str, str] = {}
        atexit.register(self._write)

    def __call__(self, klass: type, obj: Any, args: list[Any] | None = None) -> Any:
        created = self._create(klass, obj, args)
        if args and len(args) >= 2 and isinstance(args[1], str) and hasattr(type(args[0]), "node"):
            above = self._paths.get(id(args[0]), (None, ""))[1]
            path = f"{above}/{args[1].replace('/', '--')}".lstrip("/")
            self._paths[id(obj)] = (obj, path)
            self._sources[path] = _creator(obj)
        return created

    def _write(self) -> None:
        path = os.environ["CDKTF_HARNESS_SOURCES"]
        # Atomically, readable by its owner only.
        with open(os.open(f"{path}.{os.getpid()}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self._sources, file)
        os.replace(f"{path}.{os.getpid()}", path)


def _creator(obj: Any) -> str:
    """Return the innermost frame of the app that is not in a constructor of `obj` itself."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        code = frame.f_code
        in_constructor = code.co_name == "__init__" and frame.f_locals.get(code.co_varnames[0]) is obj
        if not in_constructor and not code.co_filename.startswith((_HERE, "<")) and _PACKAGES not in code.co_filename:
            return f"{code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return ""
