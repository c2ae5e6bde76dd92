"""The CDKTF app that the harness runs: found by its cdktf.json, described in its pyproject.toml."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cdktf_harness.project import described
from cdktf_harness.project.errors import HarnessError

TABLE = "tool.cdktf-harness"


# AWS's own, for who names none.
FALLBACK_REGION = "us-east-1"
# Other names of what image manifests call an architecture.
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True)
class Project:
    """A CDKTF app and what the harness has to know of it: its table in pyproject.toml.

    `stacks` in the order of deployment; `url` the output ("stack.output") that holds the deployed URL, if there is
    one; `logs` a pattern of files, below the folder of the synthesized stacks, that tell why a deployment failed;
    `folder_name` where the harness keeps what it makes; `bases` maps build arguments to kinds of base image (see
    `docker.bases`); `environment` is what the app gets wherever it is deployed to, `local` what it gets on top of that
    for the embedded cloud, with the placeholders {cloud}, {access_key}, {secret_key} and {build_args}.

    `services` are services of AWS that the embedded cloud serves only where they are named.

    `types` are modules in the app's folder that add types to the bundled providers (docs/adding-a-type.md).

    `commands` are the project's own names of the harness's commands (`{"up": "make local"}`), for what is said to do
    next.

    The app's own settings are the `context` of cdktf.json, over which a variable wins whose name begins with
    `settings_prefix`; `region_setting` and `architecture_setting` (of the images it builds) name those two.
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
        """Where everything is kept that the harness makes for this project."""
        return self.root / self.folder_name

    @property
    def region(self) -> str:
        """The AWS region that the app deploys to where the environment names none."""
        return self.own_region or FALLBACK_REGION

    @property
    def own_region(self) -> str:
        """The AWS region that the app's settings name; empty where they leave it to the environment."""
        return self._setting(self.region_setting)

    @property
    def architecture(self) -> str:
        """The architecture of the images that the app builds, as image manifests name it; empty if it builds none."""
        value = self._setting(self.architecture_setting)
        return _ARCHITECTURES.get(value, value)

    def check_stacks(self, found: Collection[str]) -> None:
        """Raise HarnessError when the table names a stack that is not among those `found` in the app."""
        for name in self.stacks:
            if name not in found:
                raise HarnessError(f"[{TABLE}] names the stack {name!r}; the app has {', '.join(sorted(found))}")

    def command(self, name: str) -> str:
        """What a user types for the harness's command `name`, quoted."""
        return f"`{self.commands.get(name, f'cdktf-harness {name}')}`"

    def _setting(self, name: str) -> str:
        variable = f"{self.settings_prefix}{name.upper()}" if self.settings_prefix else ""
        value = self.context.get(name)
        return os.environ.get(variable) or ("" if value is None else str(value))


def find(start: Path | None = None) -> Project:
    """The project that `start` (default: the working directory) is in. Raises HarnessError."""
    start = (start or Path.cwd()).resolve()
    root = next((folder for folder in (start, *start.parents) if (folder / "cdktf.json").is_file()), None)
    if root is None:
        raise HarnessError(f"no cdktf.json in {start} or above it: run this inside a CDKTF project")
    keys = {item.name: str(item.type) for item in fields(Project) if item.name not in ("root", "context")}
    table: dict[str, Any] = described.table(root / "pyproject.toml", TABLE, keys)
    return Project(root=root, context=described.context(root / "cdktf.json"), **table)
