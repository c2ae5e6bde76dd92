"""A CDKTF app: sources, settings, synthesis."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cdktf_harness.project import config_files, environment
from cdktf_harness.project.project import Project, find
from cdktf_harness.project.variables import FAST_SYNTH
from cdktf_harness.synthesis import app_process
from cdktf_harness.synthesis.stacks import Synthesis
from cdktf_harness.system.errors import HarnessError

Settings = Mapping[str, Any]

# Not copied: repositories, caches, files of tools. Ignored files may be needed, such as generated bindings.
_IGNORED = (".git", "node_modules", "__pycache__", "cdktf.out", ".terraform", ".*_cache", "*.tfstate*")


@dataclass(frozen=True)
class App:
    """A CDKTF app in a folder."""

    project: Project

    @property
    def root(self) -> Path:
        """The folder of its cdktf.json."""
        return self.project.root

    def copy(self, root: Path) -> App:
        """Copy all that it reads to the folder `root`, where a test may edit it; remove existing content."""
        if root.exists():
            shutil.rmtree(root)
        root, whole = root.resolve(), self.project.whole or self.root
        patterns = shutil.ignore_patterns(*_IGNORED, self.project.folder_name)

        def left_out(folder: str, names: list[str]) -> set[str]:
            paths = [Path(folder, name) for name in names]
            # Virtual environments, and sockets and the like, which cannot be copied.
            others = {
                path.name
                for path in paths
                if (path / "pyvenv.cfg").exists() or (path.exists() and not path.is_dir() and not path.is_file())
            }
            around = {path.name for path in paths if not self.root.is_relative_to(path) and is_around(path)}
            return patterns(folder, names) | others | around

        def is_around(path: Path) -> bool:
            # Folders of tools beside the app, and that of the copy.
            hidden = path.name.startswith(".") and path.is_dir() and not path.is_relative_to(self.root)
            return hidden or root.is_relative_to(path)

        shutil.copytree(whole, root, ignore=left_out, symlinks=True)
        return App(replace(self.project, root=root / self.root.relative_to(whole), whole=root))

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace `old` by `new` in the file `name`. Raises HarnessError if it does not contain `old`."""
        path = self.root / name
        text = path.read_text()
        if old not in text:
            raise HarnessError(f"{path} does not contain {old!r}")
        path.write_text(text.replace(old, new))

    def environment(self, settings: Settings) -> dict[str, str]:
        """Return the variables that pass its context and `settings`: one each if the app has a `settings_prefix`."""
        given = {**config_files.app(self.root), "context": self.project.context}
        prefix = self.project.settings_prefix
        if not prefix:
            return app_process.context(given, settings)
        named = {f"{prefix}{name.upper()}": _text(value) for name, value in settings.items()}
        return {**app_process.context(given), **named}

    def configured(self, settings: Settings) -> Project:
        """Return the project with `settings`, without the variables of this process, which the app does not get."""
        return replace(self.project, given=settings, settings_prefix="")

    def configure(self, settings: Settings) -> None:
        """Write `settings` into the cdktf.json of an app without a `settings_prefix`.

        CDKTF's command line always passes on the context of that file.
        """
        if self.project.settings_prefix:
            return
        content = {**config_files.app(self.root), "context": {**self.project.context, **settings}}
        (self.root / "cdktf.json").write_text(json.dumps(content, indent=2))

    def clean_environment(self) -> dict[str, str]:
        """Return this process's environment without variables that would change a synthesis or a deployment."""
        hidden = tuple(filter(None, ("CDKTF_", self.project.settings_prefix)))
        kept = environment.inherited(hide_account=True)
        kept = {name: value for name, value in kept.items() if not name.startswith(hidden) or name == FAST_SYNTH}
        # As in a local deployment.
        regions = {"AWS_REGION": self.project.region, "AWS_DEFAULT_REGION": self.project.region}
        return {**kept, **environment.path(), **regions}

    def synthesize(
        self, out: Path, *, env: Mapping[str, str], settings: Settings | None = None, placed: bool = True
    ) -> Synthesis:
        """Run the app as CDKTF's command line does, with `env`, and read what it writes to `out`.

        `placed` is that of `app_process.synthesize`. Raises CommandFailed with the last line of the app's output.
        """
        notes = out.parent / f"{out.name}.sources.json"
        variables = self.environment(settings or {})
        synthesis = app_process.synthesize(self.root, out, env, notes, variables=variables, placed=placed)
        self.project.check_stacks(list(synthesis))
        return synthesis


def find_app(start: Path) -> App:
    """Return the app in the folder `start` or above it. Raises HarnessError."""
    return App(find(start))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
