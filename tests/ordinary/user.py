"""An ordinary user of the Docker engine: made for a test, with a copy of this project in its home."""

from __future__ import annotations

import os
import pwd
import re
import shlex
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from checkout import PROJECT, copy_with_environment

# What a machine needs to reach the package registries; nothing else of the environment is passed on.
NETWORK = re.compile(r"(?i)(_proxy$|ca_bundle|certs?$|ssl_cert)")


@dataclass(frozen=True)
class User:
    """A user with a home, in the group of the engine's socket and in no other."""

    name: str
    uid: int
    home: Path

    @property
    def project(self) -> Path:
        """The copy of this project."""
        return self.home / "ontra"

    def run(self, *command: str, **env: str) -> str:
        """Run a command in the project, in a bare environment with `env`, and return all that it printed.

        It must succeed.
        """
        kept = {name: value for name, value in os.environ.items() if NETWORK.search(name)}
        bare = {"HOME": str(self.home), "PATH": "/usr/local/bin:/usr/bin:/bin"}
        ids = ["--reuid", self.name, "--regid", self.name, "--init-groups"]
        done = subprocess.run(
            [*self._view(), "setpriv", *ids, "--", *command],
            cwd=self.project,
            env={**kept, **bare, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def processes(self) -> list[psutil.Process]:
        """Return the processes of this user."""
        return [each for each in psutil.process_iter(["uids"]) if each.info["uids"].real == self.uid]

    def _view(self) -> list[str]:
        """Return the prefix of the user's commands if this run's environment is not readable for the user.

        It may be in root's home. Then it is the only thing there, in a view of the file system of the command's own.
        """
        barred = [(bar, path) for path in {Path(sys.base_prefix).resolve(), PROJECT} if (bar := _bar(path))]
        if not barred:
            return []
        stash = shlex.quote(str(self.home))
        lines = [f"mount -t tmpfs none {stash}"]
        for number, (_, path) in enumerate(barred):
            lines.append(f"mkdir {stash}/{number}; mount --bind {shlex.quote(str(path))} {stash}/{number}")
        lines += [f"mount -t tmpfs -o mode=755 none {shlex.quote(str(bar))}" for bar in {bar for bar, _ in barred}]
        for number, (_, path) in enumerate(barred):
            there = shlex.quote(str(path))
            lines.append(f"mkdir -p {there}; mount --bind {stash}/{number} {there}; umount {stash}/{number}")
        script = "\n".join([*lines, f"umount {stash}", f"cd {shlex.quote(str(self.project))}", 'exec "$@"'])
        return ["unshare", "--mount", "sh", "-ec", script, "sh"]


def _bar(path: Path) -> Path | None:
    """Return the topmost folder above `path` that others may not enter."""
    return next((folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001), None)


@contextmanager
def user(socket: Path) -> Iterator[User]:
    """A user with access to the engine's `socket`; at the end all that belongs to the user is removed."""
    name = f"ontra-test-{uuid.uuid4().hex[:8]}"
    group = str(socket.stat().st_gid)
    subprocess.run(["useradd", "--create-home", "--groups", group, name], check=True)
    try:
        entry = pwd.getpwnam(name)
        one = User(name, entry.pw_uid, Path(entry.pw_dir))
        copy_with_environment(one.project)
        for path in (one.project, *one.project.rglob("*")):
            os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)
        yield one
        for process in one.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()
    finally:
        subprocess.run(["userdel", "--remove", "--force", name], check=True, capture_output=True)
