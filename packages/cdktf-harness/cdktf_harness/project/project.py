"""The CDKTF app that the harness runs: its cdktf.json and its table in pyproject.toml."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from buildkit_client.platforms import architecture as image_architecture
from cdktf_harness.project import config_files
from cdktf_harness.system.errors import HarnessError

TABLE = "tool.cdktf-harness"


# The default region of AWS's tools.
FALLBACK_REGION = "us-east-1"
_STAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Project:
    """A CDKTF app, as its table in pyproject.toml describes it: docs/reference.md has the keys of the table.

    `root` is the folder of cdktf.json, `context` the app's settings there, `given` are settings over those in files,
    and `whole` is the folder of all files that the app reads: the key `root`, by default its git repository.
    """

    root: Path
    context: Mapping[str, Any]
    stacks: tuple[str, ...] = ()
    url: str = ""
    function: str = ""
    alias: str = ""
    repository: str = ""
    alarms: str = ""
    api_key: str = ""
    image_setting: str = ""
    canary_setting: str = ""
    canary_minutes: str = ""
    main_version_setting: str = ""
    logs: str = ""
    folder_name: str = ".cdktf-harness"
    bases: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    local: Mapping[str, str] = field(default_factory=dict)
    checkov: str = ".venv-checks"
    containerfiles: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    remote_states: tuple[str, ...] = ()
    providers: str = "auto"
    commands: Mapping[str, str] = field(default_factory=dict)
    settings_prefix: str = ""
    region_setting: str = "region"
    architecture_setting: str = "architecture"
    stages: str = ""
    stage_setting: str = "stage"
    state_bucket_setting: str = "state_bucket"
    account_setting: str = "account"
    protected_setting: str = "protected"
    signing_key_setting: str = "signing_key"
    unprotect: str = ""
    policy: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    whole: Path | None = None

    @property
    def folder(self) -> Path:
        """The folder for everything that the harness writes for this project."""
        return self.root / self.folder_name

    @property
    def stage(self) -> str:
        """The stage to deploy; empty if the app has no `stages`. Raises HarnessError if it cannot name a folder."""
        if not self.stages:
            return ""
        name = self.stage_setting
        stage = str(self._variable(name) or self.given.get(name) or self._default_stage)
        if not _STAGE.fullmatch(stage):
            raise HarnessError(f"{name}: got {stage!r}; it must be letters, digits, - and _, such as 'dev'")
        return stage

    @property
    def settings(self) -> Mapping[str, Any]:
        """The app's settings without variables: those of its stage over `context`.

        Raises HarnessError if the file of the stage is not a JSON object.
        """
        files = [self.root / self.stages / f"{name}.json" for name in (self.stage, self._default_stage) if name]
        found = next((file for file in files if file.is_file()), None)
        return {**self.context, **(config_files.settings(found) if found else {}), **self.given}

    def setting(self, name: str) -> str:
        """The value of one of the app's settings as a text; empty if it has none in files and variables."""
        value = self.settings.get(name)
        return self._variable(name) or ("" if value is None else str(value))

    @property
    def canary_share(self) -> float:
        """The share of the calls that a new version gets at first; 0: it gets all. Raises HarnessError."""
        text = self.setting(self.canary_setting) if self.canary_setting else ""
        with suppress(ValueError):
            if 0 <= (share := float(text or 0)) < 1:
                return share
        raise HarnessError(f"{self.canary_setting}: got {text!r}; it must be a number below 1, such as 0.1")

    @property
    def state_bucket(self) -> str:
        """The S3 bucket for Terraform's state in the app's settings; empty if there is none."""
        return self.setting(self.state_bucket_setting)

    @property
    def account(self) -> str:
        """The number of the only account that may be deployed to; empty: any."""
        return self.setting(self.account_setting)

    @property
    def protected(self) -> bool:
        """Whether the stage is protected."""
        # As pydantic reads a bool.
        return self.setting(self.protected_setting).lower() in ("true", "t", "yes", "y", "on", "1")

    def variables(self, settings: Iterable[str]) -> dict[str, str]:
        """Return the variables for `NAME=VALUE` settings. Raises HarnessError if the app does not read variables."""
        given = [setting.partition("=") for setting in settings]
        if not self.settings_prefix or not all(name.isidentifier() and equals for name, equals, _ in given):
            raise HarnessError(
                f"got {' '.join(settings)!r}; it must be NAME=VALUE, and [{TABLE}] needs settings_prefix"
            )
        return {f"{self.settings_prefix}{name.upper()}": value for name, _, value in given}

    @property
    def in_variables(self) -> dict[str, str]:
        """The app's settings in variables of this process."""
        prefix = self.settings_prefix
        named = [name for name in os.environ if prefix and name.startswith(prefix)]
        return {name.removeprefix(prefix).lower(): os.environ[name] for name in named}

    @property
    def unprotected_by(self) -> str:
        """What a user types to lift the protection of resources, in backquotes."""
        named = re.sub(r"{(\w+)}", lambda match: self.setting(match[1]), self.unprotect)
        return f"`{named}`"

    @property
    def protection_lifted(self) -> bool:
        """Whether the variable is set that lifts the protection of resources."""
        return bool(os.environ.get(self.unprotect.partition("=")[0]))

    @property
    def stage_variables(self) -> dict[str, str]:
        """The variable that gives the stage to the app; empty if there is none."""
        named = self.stages and self.settings_prefix
        return {f"{self.settings_prefix}{self.stage_setting.upper()}": self.stage} if named else {}

    @property
    def region(self) -> str:
        """The AWS region that the app deploys to if the environment names none."""
        return self.own_region or FALLBACK_REGION

    @property
    def own_region(self) -> str:
        """The AWS region in the app's settings; empty if there is none."""
        return self.setting(self.region_setting)

    @property
    def architecture(self) -> str:
        """The architecture of the app's images, as image manifests name it; empty if the app builds none."""
        return image_architecture(self.setting(self.architecture_setting))

    def check_stacks(self, found: Collection[str]) -> None:
        """Raises HarnessError if the table names a stack that is not among those `found` in the app."""
        for name in self.stacks:
            if name not in found:
                raise HarnessError(f"[{TABLE}] names the stack {name!r}; the app has {', '.join(sorted(found))}")

    def command(self, name: str) -> str:
        """Return what a user types for the harness's command `name`, in backquotes."""
        return f"`{self.commands.get(name, f'cdktf-harness {name}')}`"

    def _variable(self, name: str) -> str:
        return os.environ.get(f"{self.settings_prefix}{name.upper()}", "") if self.settings_prefix else ""

    @property
    def _default_stage(self) -> str:
        return str(self.context.get(self.stage_setting) or "")


def find(start: Path | None = None) -> Project:
    """Return the project of the folder `start`, default: working directory. Raises HarnessError if there is none."""
    start = (start or Path.cwd()).resolve()
    root = next((folder for folder in (start, *start.parents) if (folder / "cdktf.json").is_file()), None)
    if root is None:
        raise HarnessError(f"no cdktf.json in {start} or above it: run this inside a CDKTF project")
    own = ("root", "context", "given", "whole")
    keys = {"root": "str", **{item.name: str(item.type) for item in fields(Project) if item.name not in own}}
    table: dict[str, Any] = config_files.table(root / "pyproject.toml", TABLE, keys)
    whole = _whole(root, table.pop("root", ""))
    return Project(root=root, whole=whole, context=config_files.app(root).get("context", {}), **table)


def _whole(root: Path, named: str) -> Path:
    if not named:
        return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    whole = (root / named).resolve()
    if not root.is_relative_to(whole):
        raise HarnessError(f"pyproject.toml: [{TABLE}]: `root` is {named!r}; it must be a folder with the app in it")
    return whole
