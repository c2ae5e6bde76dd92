"""The status of a deployment."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.operations import alarms, canary, releases
from cdktf_harness.system.errors import HarnessError


@dataclass(frozen=True)
class Status:
    """`health` is empty if the URL answers, else the error; `alarms` has the states by name.

    `functions` has the release and the canary of each function by its name, which is empty if the app has one.

    `missing` are the keys of the project's table without an output, for which nothing is known.
    """

    url: str = ""
    health: str = ""
    milliseconds: int = 0
    functions: Mapping[str, tuple[releases.Release, canary.Canary | None]] = field(default_factory=dict)
    alarms: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether the URL answers and no alarm fires."""
        return not self.health and not alarms.firing(self.alarms)

    def document(self) -> dict[str, Any]:
        """Return the status as JSON."""
        kept = ("url", "health", "milliseconds", "alarms", "healthy")
        each = {
            name: {"canary": running and asdict(running), **release.document()}
            for name, (release, running) in self.functions.items()
        }
        found = {name: getattr(self, name) for name in kept}
        return {"canary": None, **found, **each[""]} if "" in each else {**found, "functions": each}


def status(deployment: Deployment, function: str = "") -> Status:
    """Ask the URL once, the functions and the alarms. Raises HarnessError if nothing is deployed."""
    project = deployment.project
    deployment.outputs()
    missing = tuple(name for name in ("url", "function", "alarms") if not getattr(project, name))
    url, health, milliseconds = "", "", 0
    if project.url:
        url, started = deployment.url(), time.monotonic()
        try:
            deployment.answer(patience=0)
        except HarnessError as error:
            health = str(error).removeprefix(f"{url} ")
        milliseconds = round(1000 * (time.monotonic() - started))
    functions = deployment.functions(function) if project.function or function else []
    found = {one.selected: (releases.live(one), canary.running(one)) for one in functions}
    states = alarms.states(functions[0] if function else deployment) if project.alarms else {}
    return Status(url, health, milliseconds, found, states, missing)


def age(since: datetime) -> str:
    """Return the time since then in its largest unit: "3 d"."""
    seconds = int((datetime.now(UTC) - since).total_seconds())
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    return next((f"{seconds // length} {unit}" for unit, length in units if seconds >= length), "0 s")
