"""The app under test: where it is, its settings, its synthesis."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cdktf_harness.project import environment
from cdktf_harness.project.errors import CommandFailed, HarnessError
from cdktf_harness.project.programs import run
from cdktf_harness.project.project import Project, find
from cdktf_harness.project.variables import FAST_SYNTH
from cdktf_harness.synthesis import manifest, sources
from cdktf_harness.synthesis.stacks import Synthesis, read_synthesis

Settings = Mapping[str, Any]

# What no app is made of: repositories, caches, what tools leave. An app may need what its .gitignore has, such as
# generated bindings.
_IGNORED = (".git", "node_modules", "__pycache__", "cdktf.out", ".terraform", ".*_cache", "*.tfstate*")
_COPIED = (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK)


@dataclass(frozen=True)
class App:
    """A CDKTF app in a folder of its own; of a copy, `origin` is the folder that it was copied from."""

    project: Project
    origin: Path | None = None

    @property
    def root(self) -> Path:
        """The folder of its cdktf.json."""
        return self.project.root

    def copy(self, root: Path) -> App:
        """Copy its sources to the folder `root`, where a test may edit them; nothing of what is there already stays."""
        if root.exists():
            shutil.rmtree(root)
        patterns = shutil.ignore_patterns(*_IGNORED, self.project.folder_name)

        def left_out(folder: str, names: list[str]) -> set[str]:
            paths = [Path(folder, name) for name in names]
            environments = {path.name for path in paths if (path / "pyvenv.cfg").exists()}
            # Sockets of servers that run there and the like, which cannot be copied.
            special = {path.name for path in paths if stat.S_IFMT(path.lstat().st_mode) not in _COPIED}
            return patterns(folder, names) | environments | special

        shutil.copytree(self.root, root, ignore=left_out, symlinks=True)
        return App(replace(self.project, root=root.resolve()), self.origin or self.root)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace `old`, which must be in the file `name`, by `new`."""
        path = self.root / name
        text = path.read_text()
        if old not in text:
            raise HarnessError(f"{path} does not contain {old!r}")
        path.write_text(text.replace(old, new))

    def environment(self, settings: Settings) -> dict[str, str]:
        """The variables that carry `settings` to the app: of their own where the app has a `settings_prefix`."""
        prefix = self.project.settings_prefix
        if prefix:
            return {f"{prefix}{name.upper()}": _text(value) for name, value in settings.items()}
        # What CDKTF's own command line sets, from cdktf.json.
        return {"CDKTF_CONTEXT_JSON": json.dumps({**self.project.context, **settings})}

    def configured(self, settings: Settings) -> Project:
        """The project as it is with `settings`, whatever variables this process has: the app does not get those."""
        return replace(self.project, given=settings, settings_prefix="")

    def configure(self, settings: Settings) -> None:
        """Write `settings` into the cdktf.json of an app without a `settings_prefix`.

        CDKTF's command line passes the context of that file on, whatever its own environment says.
        """
        if self.project.settings_prefix:
            return
        path = self.root / "cdktf.json"
        content = {**json.loads(path.read_text()), "context": {**self.project.context, **settings}}
        path.write_text(json.dumps(content, indent=2))

    def clean_environment(self) -> dict[str, str]:
        """This process's environment without what would change a synthesis or a deployment."""
        hidden = tuple(filter(None, ("CDKTF_", self.project.settings_prefix)))
        kept = environment.inherited(hide_account=True)
        kept = {name: value for name, value in kept.items() if not name.startswith(hidden) or name == FAST_SYNTH}
        kept["PATH"] = self._path(kept.get("PATH", ""))
        return kept

    def local_environment(self, own: Mapping[str, str]) -> dict[str, str]:
        """The clean environment with what a deployment has of its `own`."""
        return {**self.clean_environment(), **own, "PATH": self._path(own["PATH"])}

    def _path(self, inherited: str) -> str:
        # The environment's own programs first, among them the `python` of cdktf.json; then the app's own cdktf-cli.
        bins = [Path(sys.executable).parent, (self.origin or self.root) / "node_modules" / ".bin"]
        return os.pathsep.join([*map(str, bins), inherited])

    def synthesize(self, out: Path, *, env: Mapping[str, str], settings: Settings | None = None) -> Synthesis:
        """Run the app as CDKTF's command line does, with `env`, and read what it writes to `out`.

        Raises CommandFailed with the app's own last words.
        """
        command = json.loads((self.root / "cdktf.json").read_text())["app"]
        notes = out.parent / f"{out.name}.sources.json"
        own = {**self.environment(settings or {}), "CDKTF_OUTDIR": str(out)}
        out.mkdir(parents=True, exist_ok=True)
        manifest.forget(out)
        try:
            run(shlex.split(command), cwd=self.root, env=sources.noted({**env, **own}, notes))
        except CommandFailed as failure:
            last = failure.tail.strip().rpartition("\n")[2] or "it printed nothing"
            raise CommandFailed(f"the app does not synthesize: {last}", tail=failure.tail) from None
        synthesis = read_synthesis(out, self.root, sources.read(notes, self.root))
        self.project.check_stacks(list(synthesis))
        return synthesis


def find_app(start: Path) -> App:
    """The app that the folder `start` is in. Raises HarnessError."""
    return App(find(start))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
