"""The engine that the harness started, or what builds and pushes, is stopped or killed: the next `up` answers.

On a machine of the test's own, where no other engine runs. `down` leaves no container or image in that engine.
"""

from __future__ import annotations

import os
import signal
from signal import Signals

import pytest

from .alone import BUILDING, ENGINE, POINTS, hit
from .conftest import Tell
from .machines import Alone

pytestmark = [
    pytest.mark.docker,
    pytest.mark.faults,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root starts an engine"),
]
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
TARGETS = ("provider", "command", "terraform", "cdktf", "cloud")
# The engine at each point by two signals; each process at each point of a build, by another signal at each.
HITS = [
    *[(point, ENGINE, sig) for point in POINTS for sig in SIGNALS[:2]],
    *[(point, target, SIGNALS[(i + j) % 3]) for i, point in enumerate(BUILDING) for j, target in enumerate(TARGETS)],
]


@pytest.mark.parametrize(("point", "target", "sig"), HITS, ids=lambda value: getattr(value, "name", value))
def test_a_process_is_hit(alone: Alone, tried: Tell, point: str, target: str, sig: Signals) -> None:
    """At a point of the life of a deployment."""
    converged = False
    try:
        alone(hit, point, target, int(sig))
        converged = True
    finally:
        tried(f"{sig.name} of {target}", 1, int(converged))
