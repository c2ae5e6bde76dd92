"""Test a CDK for Terraform app with pytest: the fixtures are in `fixtures`, the options in `plugin`.

The names here are for annotations; they are loaded when they are used, so that the plugin costs nothing unused.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cdktf_harness.testing.app import App as App
    from cdktf_harness.testing.convergence import Converges as Converges
    from cdktf_harness.testing.deployed import Deployed as Deployed
    from cdktf_harness.testing.matching import ABSENT as ABSENT
    from cdktf_harness.testing.planned import Change as Change
    from cdktf_harness.testing.planned import Changes as Changes
    from cdktf_harness.testing.planner import Planner as Planner
    from cdktf_harness.testing.synthesis import Block as Block
    from cdktf_harness.testing.synthesis import Stack as Stack
    from cdktf_harness.testing.synthesis import Synthesis as Synthesis
    from cdktf_harness.testing.synthesizer import Synthesizer as Synthesizer

_HOMES = {
    "ABSENT": "matching",
    "App": "app",
    "Block": "synthesis",
    "Change": "planned",
    "Changes": "planned",
    "Converges": "convergence",
    "Deployed": "deployed",
    "Planner": "planner",
    "Stack": "synthesis",
    "Synthesis": "synthesis",
    "Synthesizer": "synthesizer",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
