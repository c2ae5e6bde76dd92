"""Import only those parts of the provider bindings that the stacks use.

Stock, the first import of `cdktf_cdktf_provider_aws` loads all of its 2,200 submodules, in Python and
once more in the Node process behind it: ten seconds that every synthesis waits for. Two changes, neither of
which touches the bindings:

- Python: the package's `__init__`, which imports every submodule, is not run. Its module object exists
  with the right `__path__` and `__spec__`, so `from cdktf_cdktf_provider_aws.ecr_repository import ...`
  finds that submodule and loads it alone. Submodules never refer to their siblings through the package.
- Node: a `--require` hook (`lazy_bindings.cjs`) turns the package's `exports.x = require("./x")` into
  getters that load `./x` when somebody asks for it.

The synthesized JSON is the same, which a test compares. `ONTRA_STOCK_IMPORTS=1` turns both halves off.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

_HOOK = Path(__file__).with_suffix(".cjs")


def install(*packages: str) -> None:
    """Make `packages` load lazily in this process and in the Node process that jsii starts."""
    if os.environ.get("ONTRA_STOCK_IMPORTS") == "1":
        return
    for name in packages:
        spec = importlib.util.find_spec(name) if name not in sys.modules else None
        if spec is not None:
            sys.modules[name] = importlib.util.module_from_spec(spec)
    # Node splits NODE_OPTIONS at spaces that are not inside double quotes.
    hook = f'--require "{_HOOK}"'
    options = os.environ.get("NODE_OPTIONS", "")
    if hook not in options:
        os.environ["NODE_OPTIONS"] = f"{options} {hook}".strip()
