"""Checks of this machine before a command starts: warnings that say what to do; the command continues."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil

from cdktf_harness.cloud import can_share_network
from cdktf_harness.docker.engine import Engine
from cdktf_harness.project.project import Project

_MB = 1 << 20
# The names of the architectures of image manifests in apps.
_NAMES = {"amd64": "x86_64"}
# Measured on 2 cores.
_MOST_LOAD = 4
# The engine's images and the cached layers of a build; a state; Terraform, providers and the embedded cloud.
_IMAGES_MB, _STATE_MB, _MEMORY_MB = 1000, 100, 600


def warnings(project: Project, folder: Path, engine: Engine | None) -> Iterator[str]:
    """Yield a line for each thing of which there is not enough, for a deployment of an app in `folder`.

    `engine` is that for its images, if it has some.
    """
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    images = _engine_folder(engine) if engine else None
    if engine and images and project.architecture != engine.architecture and load > _MOST_LOAD:
        yield (
            f"the load is {load:.0f} times what this machine's cores can do, and {project.architecture} is emulated: "
            f"functions are slow; wait until it is quieter, or build for this machine with {_native(project, engine)}"
        )
    if images and (free := _free_mb(images)) < _IMAGES_MB:
        yield (
            f"{free:.0f} MB are free on the disk of {images}, where the Docker engine keeps images: an image and its "
            f"build take up to {_IMAGES_MB} MB; `docker system df` shows what can go"
        )
    if (free := _free_mb(folder)) < _STATE_MB:
        yield (
            f"{free:.0f} MB are free on the disk of {folder}, where state is kept: free {_STATE_MB} MB, since a state "
            "that cannot be written is lost"
        )
    if (free := psutil.virtual_memory().available / _MB) < _MEMORY_MB:
        yield (
            f"{free:.0f} MB of memory are free, and a deployment takes {_MEMORY_MB}: end other programs, or the kernel "
            "may end its own"
        )
    if engine and engine.info["OperatingSystem"] != "Docker Desktop" and not can_share_network(engine.client):
        yield (
            "the Docker engine runs on another kernel than this command: functions will not reach the embedded cloud; "
            "use an engine of this machine"
        )


def _native(project: Project, engine: Engine) -> str:
    """Return the setting with which images have the engine's own architecture."""
    prefix, name = project.settings_prefix, project.architecture_setting
    value = _NAMES.get(engine.architecture, engine.architecture)
    return f"{prefix}{name.upper()}={value}" if prefix else f"{name}={value} in cdktf.json"


def _engine_folder(engine: Engine) -> Path | None:
    """Return the folder in which the engine keeps images, if it is on this machine."""
    if not can_share_network(engine.client):
        return None
    folder = Path(engine.info["DockerRootDir"])
    return folder if os.access(folder.parent, os.X_OK) and folder.exists() else None


def _free_mb(folder: Path) -> float:
    return shutil.disk_usage(folder).free / _MB
