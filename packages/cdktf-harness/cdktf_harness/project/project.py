"""The CDKTF app that the harness runs: its cdktf.json and its table in pyproject.toml."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cdktf_harness.project import described
from cdktf_harness.project.errors import HarnessError

TABLE = "tool.cdktf-harness"


# The default region of AWS's tools.
FALLBACK_REGION = "us-east-1"
# Other names of architectures, and those of image manifests.
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True)
class Project:
    """A CDKTF app, as its table in pyproject.toml describes it.

    `stacks`: in the order of deployment.
    `url`: the output ("stack.output") that holds the deployed URL, if there is one.
    `logs`: a pattern of build logs, relative to the folder of the synthesized stacks.
    `folder_name`: the folder for everything that the harness writes.
    `bases`: maps build arguments to kinds of base image (see `docker.bases`).
    `environment`: variables of the app for any target; `local`: additional ones for the embedded cloud. Placeholders
    are {cloud}, {access_key}, {secret_key} and {build_args}.
    `services`: AWS services that the embedded cloud serves only if they are named.
    `types`: modules in the app's folder that add types to the bundled providers (docs/adding-a-type.md).
    `commands`: the project's own names of the harness's commands (`{"up": "make local"}`), used in messages.

    The app's settings are the `context` of cdktf.json. A variable whose name begins with `settings_prefix` overrides
    them. `region_setting` and `architecture_setting` (of the images) are the names of these two settings.
    """

    root: Path
    context: Mapping[str, Any]
    stacks: tuple[str, ...]
    url: str = ""
    logs: str = ""
    folder_name: str = ".cdktf-harness"
    bases: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    local: Mapping[str, str] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    commands: Mapping[str, str] = field(default_factory=dict)
    settings_prefix: str = ""
    region_setting: str = "region"
    architecture_setting: str = "architecture"

    @property
    def folder(self) -> Path:
        """The folder for everything that the harness writes for this project."""
        return self.root / self.folder_name

    @property
    def region(self) -> str:
        """The AWS region that the app deploys to if the environment names none."""
        return self.own_region or FALLBACK_REGION

    @property
    def own_region(self) -> str:
        """The AWS region in the app's settings; empty if there is none."""
        return self._setting(self.region_setting)

    @property
    def architecture(self) -> str:
        """The architecture of the app's images, as image manifests name it; empty if the app builds none."""
        value = self._setting(self.architecture_setting)
        return _ARCHITECTURES.get(value, value)

    def check_stacks(self, found: Collection[str]) -> None:
        """Raises HarnessError if the table names a stack that is not among those `found` in the app."""
        for name in self.stacks:
            if name not in found:
                raise HarnessError(f"[{TABLE}] names the stack {name!r}; the app has {', '.join(sorted(found))}")

    def command(self, name: str) -> str:
        """Return what a user types for the harness's command `name`, in backquotes."""
        return f"`{self.commands.get(name, f'cdktf-harness {name}')}`"

    def _setting(self, name: str) -> str:
        variable = f"{self.settings_prefix}{name.upper()}" if self.settings_prefix else ""
        value = self.context.get(name)
        return os.environ.get(variable) or ("" if value is None else str(value))


def find(start: Path | None = None) -> Project:
    """Return the project of the folder `start`, default: working directory. Raises HarnessError if there is none."""
    start = (start or Path.cwd()).resolve()
    root = next((folder for folder in (start, *start.parents) if (folder / "cdktf.json").is_file()), None)
    if root is None:
        raise HarnessError(f"no cdktf.json in {start} or above it: run this inside a CDKTF project")
    keys = {item.name: str(item.type) for item in fields(Project) if item.name not in ("root", "context")}
    table: dict[str, Any] = described.table(root / "pyproject.toml", TABLE, keys)
    return Project(root=root, context=described.context(root / "cdktf.json"), **table)
