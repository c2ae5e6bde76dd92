"""What runs now, and how it is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.operations import alarms, canary, releases
from cdktf_harness.system.errors import HarnessError


@dataclass(frozen=True)
class Status:
    """`health` is empty if the URL answers, else what it says; `alarms` has the states by name.

    `missing` says what cannot be told because the project's table names no output for it.
    """

    url: str = ""
    health: str = ""
    milliseconds: int = 0
    release: releases.Release | None = None
    canary: canary.Canary | None = None
    alarms: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether the URL answers and no alarm is on."""
        return not self.health and "ALARM" not in self.alarms.values()

    @property
    def age(self) -> str:
        """How long the version is published, in its largest unit."""
        return age(self.release.time) if self.release else ""

    def document(self) -> dict[str, Any]:
        """The status as JSON."""
        return {
            "url": self.url,
            "healthy": self.healthy,
            "health": self.health,
            "milliseconds": self.milliseconds,
            **(self.release.document() if self.release else {}),
            "canary": self.canary.document() if self.canary else None,
            "alarms": self.alarms,
        }


def status(deployment: Deployment) -> Status:
    """Ask the URL once, the function and the alarms. Raises HarnessError if nothing is deployed."""
    project = deployment.project
    deployment.outputs()
    wanted = {name: getattr(project, name) for name in ("url", "function", "alarms")}
    missing = tuple(name for name, output in wanted.items() if not output)
    url, health, milliseconds = "", "", 0
    if project.url:
        url, started = deployment.url(), time.monotonic()
        try:
            deployment.answer(patience=0)
        except HarnessError as error:
            health = str(error).removeprefix(f"{url} ")
        milliseconds = round(1000 * (time.monotonic() - started))
    release = releases.live(deployment) if project.function else None
    running = canary.running(deployment) if project.function else None
    states = alarms.states(deployment) if project.alarms else {}
    return Status(url, health, milliseconds, release, running, states, missing)


def age(since: datetime) -> str:
    """The time since then in its largest unit: "3 d"."""
    seconds = int((datetime.now(UTC) - since).total_seconds())
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{max(seconds, 0)} s"
