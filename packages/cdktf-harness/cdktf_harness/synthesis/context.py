"""The context that CDKTF's command line gives an app."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def variables(described: Mapping[str, Any], settings: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return the variable with the context of an app; `described` is its cdktf.json, over which `settings` are.

    The modules in folders of the app are in it, too (cdktf-cli 0.21, `SynthStack.synth`): an app that uses one needs
    them.
    """
    modules = [
        module for module in described.get("terraformModules") or () if _source(module).startswith(("./", "../"))
    ]
    context = {**(described.get("context") or {}), **(settings or {})}
    return {"CDKTF_CONTEXT_JSON": json.dumps({**context, "cdktfRelativeModules": modules})}


def _source(module: Any) -> str:
    return str(module.get("source") if isinstance(module, dict) else module)
