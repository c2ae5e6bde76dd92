"""Load only those submodules of CDKTF's provider bindings that an app uses.

Without this, the first import of `cdktf_cdktf_provider_aws` 21.22 loads its 2,200 submodules in Python and again in
Node: ten seconds per synthesis, for the same JSON. With it, the package's `__init__` is not run. Its submodules never
refer to each other through the package, and load on first use. `node.cjs` does the same in Node.

Every interpreter imports this at its start, so it imports only modules that are already loaded.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

# Of CDKTF and of CDK Terrain.
_BINDINGS = ("cdktf_cdktf_provider_", "cdktn_provider_")
# The generator (jsii-pacmak) ends an `__init__` with its names, this line and the imports of all submodules.
_NAMES = "\n__all__ = ["
_PUBLISHED = "\npublication.publish()\n"
_IMPORT = "from . import "
_HOOK = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "node.cjs")


def install() -> None:
    """Make bindings load lazily, in this interpreter and in the Node processes that it starts."""
    if not any(type(finder).__name__ == LazyBindings.__name__ for finder in sys.meta_path):
        sys.meta_path.insert(0, LazyBindings())
    # Node splits NODE_OPTIONS at spaces that are not inside double quotes, where a backslash escapes.
    path = _HOOK.replace("\\", "\\\\").replace('"', '\\"')
    hook, options = f'--require "{path}"', os.environ.get("NODE_OPTIONS", "")
    if hook not in options:
        os.environ["NODE_OPTIONS"] = f"{options} {hook}".strip()


def explain(what: str) -> None:
    """Print why a patch was not applied, if CDKTF_FAST_SYNTH=explain."""
    if os.environ.get("CDKTF_FAST_SYNTH") == "explain":
        print(f"cdktf-fast-synth: {what}", file=sys.stderr)


class LazyBindings:
    """Finds packages of provider bindings, and loads them without running their `__init__`."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The usual spec of a bindings package or of typeguard with another loader; None for any other package."""
        if "." in fullname or not (fullname == "typeguard" or fullname.startswith(_BINDINGS)):
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or not spec.origin:
            return None
        if fullname == "typeguard":
            spec.loader = _WithoutMocks(spec.loader)  # type: ignore[assignment]
            return spec
        if not _is_generated(spec.origin):
            explain(f"{fullname} loads all submodules: its __init__ does more than import them")
            return None
        spec.loader = _Empty()  # type: ignore[assignment]
        return spec


class _Empty:
    def create_module(self, spec: ModuleSpec) -> None:
        """None: Python makes its usual module."""

    def exec_module(self, module: ModuleType) -> None:
        from importlib import import_module

        def submodule(name: str) -> Any:
            try:
                return import_module(f"{module.__name__}.{name}")
            except ModuleNotFoundError as error:
                if error.name != f"{module.__name__}.{name}":
                    raise
                raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}") from None

        module.__getattr__ = submodule  # type: ignore[method-assign]


class _WithoutMocks:
    """Loads typeguard without `unittest.mock`.

    typeguard 2.13 imports that, and with it asyncio, unittest and ssl, only to accept any Mock. It takes a fifth of the
    start of an app, which passes no mocks to constructs.
    """

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        mock = type(sys)("unittest.mock")
        mock.Mock = type("Mock", (), {})  # type: ignore[attr-defined]
        ours = sys.modules.setdefault(mock.__name__, mock) is mock
        try:
            self._loader.exec_module(module)
        finally:
            if ours:
                del sys.modules[mock.__name__]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


def _is_generated(path: str) -> bool:
    """Whether the `__init__` only imports its submodules: each name that it has is one of them.

    AWS 9 and docker 2, and older ones, also have classes there.
    """
    with open(path, encoding="utf-8") as file:
        head, _, tail = file.read().partition(_PUBLISHED)
    names = head.rpartition(_NAMES)[2].partition("]")[0].replace('"', "").replace(",", "").split()
    lines = [line for line in tail.splitlines() if line and not line.startswith("#")]
    return bool(lines) and set(lines) == {_IMPORT + name for name in names}
