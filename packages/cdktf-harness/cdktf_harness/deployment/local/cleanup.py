"""Remove what a local deployment has outside of its folder, and the folder."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from cdktf_harness.cloud import remove_leftovers, running_clouds
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.processes import Process

KILL_SECONDS = 10.0


class EngineContent(NamedTuple):
    """What a cloud has in the engine: the label of its containers, host and port of its images."""

    instance: str
    registry: str


def remove_clouds(folder: Path, known: Iterable[EngineContent], *, images: bool) -> list[str]:
    """Kill the clouds that run in `folder`, and remove what they and those `known` have in the engine.

    The folder may have been removed. Return what could not be removed, and why; without `images`, an engine that does
    not answer has none of them.
    """
    left, clouds = list[str](), set(known)
    for entry in running_clouds(folder):
        # Kill it: a clean end would write its state.
        if process := Process.recorded(entry):
            process.stop(signal.SIGKILL, seconds=KILL_SECONDS)
        clouds.add(EngineContent(f"{entry['host']}:{entry['port']}", f"localhost:{entry['port']}"))
    try:
        for cloud in clouds:
            left += remove_leftovers(instance=cloud.instance, registry=cloud.registry)
    except HarnessError as error:
        if images:
            left.append(f"containers and images in the Docker engine ({error})")
    return left


def remove_folder(folder: Path) -> list[str]:
    """Remove a folder with its content; return what could not be removed, and why."""
    left: list[str] = []

    def note(function: object, path: str, error: Any) -> None:
        if not isinstance(error[1], FileNotFoundError):
            left.append(f"{path} ({error[1].strerror})")

    shutil.rmtree(folder, onerror=note)
    return left[:1] + ([f"{len(left) - 1} more files"] if left[1:] else [])
