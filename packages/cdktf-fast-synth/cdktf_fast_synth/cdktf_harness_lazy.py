"""Load only those parts of CDKTF's provider bindings that an app uses.

Stock, the first import of `cdktf_cdktf_provider_aws` 21.22 loads its 2,200 submodules in Python and once more in Node:
ten seconds a synthesis, for the same JSON. Here the package's `__init__` is not run and its submodules load when they
are asked for; `lazy_bindings.cjs` does the same in Node.

Imported at the start of every interpreter, this imports nothing itself.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

# Of CDKTF and of CDK Terrain.
_BINDINGS = ("cdktf_cdktf_provider_", "cdktn_provider_")


class LazyBindings:
    """Finds packages of provider bindings, without what their `__init__` does."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The stock spec of such a package with a loader of ours, for others none."""
        if "." in fullname or not fullname.startswith(_BINDINGS):
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None:
            spec.loader = _Empty()  # type: ignore[assignment]
        return spec


class _Empty:
    def create_module(self, spec: ModuleSpec) -> None:
        """The usual kind of module."""

    def exec_module(self, module: ModuleType) -> None:
        from importlib import import_module

        def submodule(name: str) -> Any:
            try:
                return import_module(f"{module.__name__}.{name}")
            except ModuleNotFoundError:
                raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}") from None

        module.__getattr__ = submodule  # type: ignore[method-assign]
