"""The CDKTF app that the harness runs: found by its cdktf.json, described in its pyproject.toml."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cdktf_harness.errors import HarnessError

TABLE = "tool.cdktf-harness"


@dataclass(frozen=True)
class Project:
    """A CDKTF app and what the harness has to know of it.

    `stacks` in the order of deployment; `url` the output ("stack.output") that holds the deployed URL, if there is
    one; `logs` a pattern of files, below the folder of the synthesized stacks, that tell why a deployment failed;
    `architecture` of the images it builds, if it builds any; `folder_name` where the harness keeps what it
    makes; `bases` maps build arguments to kinds of base image (see `docker.bases`); `environment` is what the app
    gets wherever it is deployed to, `local` what it gets on top of that for the embedded cloud, with the placeholders
    {cloud}, {state} and {build_args}; `region` is the embedded cloud's.
    """

    root: Path
    stacks: tuple[str, ...]
    url: str = ""
    logs: str = ""
    architecture: str = ""
    folder_name: str = ".cdktf-harness"
    bases: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    local: Mapping[str, str] = field(default_factory=dict)
    region: str = "us-east-1"

    @property
    def folder(self) -> Path:
        """Where everything is kept that the harness makes for this project."""
        return self.root / self.folder_name


def find(start: Path | None = None) -> Project:
    """The project that `start` (default: the working directory) is in. Raises HarnessError."""
    start = (start or Path.cwd()).resolve()
    root = next((folder for folder in (start, *start.parents) if (folder / "cdktf.json").is_file()), None)
    if root is None:
        raise HarnessError(f"no cdktf.json in {start} or above it: run this inside a CDKTF project")
    try:
        json.loads((root / "cdktf.json").read_text())
    except ValueError as error:
        raise HarnessError(f"cdktf.json is not JSON: {error}") from None
    return _configured(root, _table(root / "pyproject.toml"))


def _table(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise HarnessError(f"{path} is missing: describe the app there, in [{TABLE}]")
    try:
        content: Any = tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        raise HarnessError(f"{path} is not TOML: {error}") from None
    for name in TABLE.split("."):
        content = content.get(name, {})
    if not content.get("stacks"):
        raise HarnessError(f"{path}: [{TABLE}] needs `stacks`, the names of the stacks in the order of deployment")
    return dict(content)


def _configured(root: Path, table: dict[str, Any]) -> Project:
    allowed = {item.name for item in fields(Project)} - {"root"}
    unknown = sorted(set(table) - allowed)
    if unknown:
        raise HarnessError(
            f"pyproject.toml: [{TABLE}] has no key {unknown[0]!r}; there are {', '.join(sorted(allowed))}"
        )
    return Project(root=root, **{**table, "stacks": tuple(table["stacks"])})
