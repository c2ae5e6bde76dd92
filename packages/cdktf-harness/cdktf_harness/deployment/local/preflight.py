"""Checks of this machine before a command starts, in one table.

A check that fails is a warning of one line that says what to do; the command continues.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil

from cdktf_harness.cloud import can_share_network, sees_folder
from cdktf_harness.docker.engine import Engine
from cdktf_harness.project.project import Project

if TYPE_CHECKING:
    from docker import DockerClient

_MB = 1 << 20
# The names of the architectures of image manifests in apps.
_NAMES = {"amd64": "x86_64"}


@dataclass(frozen=True)
class Machine:
    """What is checked: an app, the folder of its deployment, and the engine for its images."""

    project: Project
    folder: Path
    engine: Engine | None

    @property
    def native(self) -> str:
        """The setting with which images have the engine's own architecture."""
        assert self.engine
        prefix, name = self.project.settings_prefix, self.project.architecture_setting
        value = _NAMES.get(self.engine.architecture, self.engine.architecture)
        return f"{prefix}{name.upper()}={value}" if prefix else f"{name}={value} in cdktf.json"

    @property
    def engine_folder(self) -> Path | None:
        """The folder in which the engine keeps images, if it is on this machine."""
        if not self.engine or not can_share_network(self.engine.client):
            return None
        folder = Path(self.engine.info["DockerRootDir"])
        return folder if os.access(folder.parent, os.X_OK) and folder.exists() else None


class Check(NamedTuple):
    """`warning` is printed if `measured` is a number below `least` or above `most`."""

    measured: Callable[[Machine], float | None]
    warning: str
    least: float = 0
    most: float = float("inf")


def _load_under_emulation(machine: Machine) -> float | None:
    engine = machine.engine
    if not engine or not machine.engine_folder or machine.project.architecture == engine.architecture:
        return None
    return os.getloadavg()[0] / (os.cpu_count() or 1)


def _free_for_images(machine: Machine) -> float | None:
    return shutil.disk_usage(machine.engine_folder).free / _MB if machine.engine_folder else None


def _free_for_state(machine: Machine) -> float:
    return shutil.disk_usage(machine.folder).free / _MB


def _free_memory(_machine: Machine) -> float:
    return psutil.virtual_memory().available / _MB


def _reach(machine: Machine) -> float | None:
    """Return 1 if functions can reach the embedded cloud, directly or through Docker Desktop; else 0."""
    if not machine.engine:
        return None
    client = machine.engine.client
    desktop = machine.engine.info["OperatingSystem"] == "Docker Desktop"
    return float(desktop or can_share_network(client))


CHECKS = (
    # Measured on 2 cores.
    Check(
        _load_under_emulation,
        "the load is {value:.0f} times what this machine's cores can do, and {architecture} is emulated: functions are "
        "slow; wait until it is quieter, or build for this machine with {native}",
        most=4,
    ),
    # The engine's images and the cached layers of a build.
    Check(
        _free_for_images,
        "{value:.0f} MB are free on the disk of {engine_folder}, where the Docker engine keeps images: an image and "
        "its build take up to {least:.0f} MB; `docker system df` shows what can go",
        least=1000,
    ),
    Check(
        _free_for_state,
        "{value:.0f} MB are free on the disk of {folder}, where state is kept: free {least:.0f} MB, since a state that "
        "cannot be written is lost",
        least=100,
    ),
    # CDKTF, Terraform and providers take 500 MB together, the embedded cloud 100.
    Check(
        _free_memory,
        "{value:.0f} MB of memory are free, and a deployment takes {least:.0f}: end other programs, or the kernel may "
        "end its own",
        least=600,
    ),
    Check(
        _reach,
        "the Docker engine runs on another kernel than this command: functions will not reach the embedded cloud; use "
        "an engine of this machine",
        least=1,
    ),
)


def reach(client: DockerClient, folder: Path, instance: str) -> Iterator[str]:
    """Yield a line if the engine does not see the cloud's `folder`. It asks a container: base images must be there."""
    if can_share_network(client) and not sees_folder(client, folder, instance):
        yield (
            f"the Docker engine does not see {folder}: functions will not reach the embedded cloud; where "
            "this runs in a container, mount the folder at the path that it has outside"
        )


def warnings(machine: Machine) -> Iterator[str]:
    """Yield a line for each check that fails."""
    for check in CHECKS:
        value = check.measured(machine)
        if value is not None and not check.least <= value <= check.most:
            yield check.warning.format(
                value=value,
                least=check.least,
                architecture=machine.project.architecture,
                native=machine.native if machine.engine else "",
                folder=machine.folder,
                engine_folder=machine.engine_folder,
            )
