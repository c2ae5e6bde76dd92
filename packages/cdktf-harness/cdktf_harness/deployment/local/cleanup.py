"""Remove what a local deployment has outside of its folder.

A record in the user's cache, by the deployment's folder, lists it, because a user may delete the folder by hand.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from cdktf_harness.cloud import remove_leftovers, running_clouds
from cdktf_harness.system import json_store, user_cache
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.processes import Process

KILL_SECONDS = 10.0


class EngineContent(NamedTuple):
    """What a cloud has in the engine: the label of its containers, host and port of its images, whether it has any."""

    instance: str
    registry: str
    engine: bool


class Remains:
    """What the deployment in `folder` has in the engine, and clouds that its folder has no record of."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, cloud: EngineContent) -> None:
        """Remember a cloud whose containers and images may be in the engine."""
        # Deploy even if the cache cannot be written.
        with suppress(OSError):
            self._file.parent.mkdir(exist_ok=True, mode=0o700)
            noted = [old for old in self._noted() if old != cloud]
            json_store.write(self._file, {"folder": str(self._folder), "clouds": [*noted, cloud]})

    def take_over(self, former: Path) -> None:
        """Remember what is recorded of the folder `former`, from which this one was moved."""
        # A damaged record may have any text for a path.
        with suppress(OSError, ValueError):
            old = Remains(former)
            for cloud in old._noted():
                self.note(cloud)
            old._file.unlink(missing_ok=True)

    @property
    def exist(self) -> bool:
        """Whether there are any, as far as can be told without the engine."""
        return bool(self._noted()) or any(running_clouds(self._folder / "cloud"))

    def remove(self, *known: EngineContent) -> list[str]:
        """Remove all, also that of the clouds `known`; return what could not be removed, and why."""
        left, clouds = list[str](), [*known, *self._noted()]
        for entry in running_clouds(self._folder / "cloud"):
            # Kill it: a clean end would write its state.
            if process := Process.recorded(entry):
                process.stop(signal.SIGKILL, seconds=KILL_SECONDS)
            clouds.append(EngineContent(f"{entry['host']}:{entry['port']}", f"localhost:{entry['port']}", False))
        try:
            for cloud in dict.fromkeys(clouds):
                left += remove_leftovers(instance=cloud.instance, registry=cloud.registry)
        except HarnessError as error:
            if any(cloud.engine for cloud in clouds):
                left.append(f"containers and images in the Docker engine ({error})")
        if not left:
            with suppress(OSError):
                self._file.unlink(missing_ok=True)
        return left

    def _noted(self) -> list[EngineContent]:
        try:
            content = json_store.read(self._file, _valid)
        except (HarnessError, OSError):
            return []
        return [EngineContent(*cloud) for cloud in content["clouds"]] if content else []

    @property
    def _file(self) -> Path:
        name = hashlib.sha256(os.fsencode(self._folder.resolve())).hexdigest()[:16]
        return user_cache.folder() / "deployments" / f"{name}.json"


def remove_folder(folder: Path) -> list[str]:
    """Remove a folder with its content; return what could not be removed, and why."""
    left: list[str] = []

    def note(function: object, path: str, error: Any) -> None:
        if not isinstance(error[1], FileNotFoundError):
            left.append(f"{path} ({error[1].strerror})")

    shutil.rmtree(folder, onerror=note)
    return left[:1] + ([f"{len(left) - 1} more files"] if left[1:] else [])


def _valid(content: Any) -> bool:
    match content:
        case {"clouds": list(clouds)}:
            return all(isinstance(cloud, list) and list(map(type, cloud)) == [str, str, bool] for cloud in clouds)
    return False
