"""Remove the records that a deployment's builds leave in BuildKit's cache.

A cache record does not name the build that made it, and cannot be labelled. But the messages of a build have the times
of its steps, by the engine's clock, and the records have times by the same clock (`build_notes`). A record belongs to
a deployment if it was made while a step of the deployment's builds ran and no other build has used it since. A record
that another build made at the same time cannot be distinguished: the next run of that build repeats a step.

The notes are in the user's cache folder, since a deployment's folder may be removed by hand.

API: https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/BuildPrune
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdktf_harness.docker import machine
from cdktf_harness.docker.engine import engine_of_remains
from cdktf_harness.project import records
from cdktf_harness.project.errors import HarnessError
from cdktf_harness.project.waiting import poll

if TYPE_CHECKING:
    from docker import APIClient

LOCK = "build-cache"
"""The lock that a process holds while it removes records: those of others that were made at the same time go, too."""
# The longest time from the end of a step to the last use of its record; after a kill, until the engine cancels it.
_SLACK_SECONDS = 10.0
# How long the records of a deployment that is gone, such as that of a test run, are kept for the next build.
_KEPT_SECONDS = 3600.0
# How long the engine may be busy with the same question of others.
_BUSY_SECONDS = 60.0
_OWNER = "deployment.json"


@dataclass
class _Build:
    """A build of a deployment, whose notes are in the folder of `file`; times are by the engine's clock."""

    file: Path
    engine: str = ""
    steps: dict[str, tuple[float, float | None]] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> _Build:
        """Read the build from a file; ignore an incomplete last line."""
        build = cls(file)
        for line in _lines(file):
            match line:
                case {"engine": str(engine)}:
                    build.engine = engine
                case {"step": str(step), "from": float(start), "to": float() | None as end}:
                    build.steps[step] = (start, end)
        return build

    def made(self, record: dict[str, Any]) -> bool:
        """Whether `record` was made while a step of this build ran."""
        made = _time(record["CreatedAt"])
        return any(start <= made <= (end or start + _SLACK_SECONDS) for start, end in self.steps.values())

    def used(self, record: dict[str, Any]) -> bool:
        """Whether this build was the last one to use `record`."""
        if not self.steps:
            return False
        first = min(start for start, _ in self.steps.values())
        last = max(end or start for start, end in self.steps.values())
        return first <= _time(record.get("LastUsedAt") or record["CreatedAt"]) <= last + _SLACK_SECONDS


def notes(deployment: Path) -> Path:
    """Return the folder for the notes of a deployment's builds; create it if needed. Raises OSError if that fails."""
    folder = _notes(deployment)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    records.write(folder / _OWNER, {"folder": str(deployment.resolve())})
    return folder


def remove(deployment: Path) -> int:
    """Remove the records that no build has used since those of a deployment; return their size in bytes.

    Also remove those of deployments that have been gone for long. Raises HarnessError if no engine answers.
    """
    own = _notes(deployment)
    folders = {own, *own.parent.glob("*")}
    over = {folder for folder in folders if folder == own or _is_abandoned(folder)}
    builds = [_Build.read(file) for folder in folders for file in _files(folder)]
    try:
        with machine.lock(LOCK):
            return _remove([build for build in builds if build.file.parent in over], builds)
    finally:
        forget(deployment)


def forget(deployment: Path) -> None:
    """Remove the notes of a deployment that has no records of builds, and such notes of others that are gone."""
    own = _notes(deployment)
    for folder in (own, *own.parent.glob("*")):
        if not _files(folder) and (folder == own or _is_abandoned(folder)):
            shutil.rmtree(folder, ignore_errors=True)


def _remove(over: list[_Build], all_builds: list[_Build]) -> int:
    if not over:
        return 0
    client = engine_of_remains().client
    engine = client.info()["ID"]
    # One without an engine was killed before it began.
    over = [build for build in over if build.engine in (engine, "")]
    # A record that a build used may have been made by an earlier build of another deployment.
    makers = [build for build in all_builds if build.engine == engine]
    ours = {
        str(record["ID"])
        for record in _records(client.api)
        if any(build.used(record) for build in over) and any(build.made(record) for build in makers)
    }
    freed = _prune(client.api, ours)
    # Some may have been removed by the engine itself.
    left = _records(client.api)
    for build in over:
        if not any(build.made(record) for record in left):
            build.file.unlink(missing_ok=True)
    return freed


def _prune(client: APIClient, ids: set[str]) -> int:
    """Remove the records that no other record needs; return their size in bytes."""
    if not ids:
        return 0
    # The engine expects a regular expression, in quotes if it has other than word characters.
    filters: Any = {"id": f'"^({"|".join(sorted(ids))})$"'}
    return int(client.prune_builds(filters=filters, all=True)["SpaceReclaimed"])


def _records(client: APIClient) -> list[dict[str, Any]]:
    # With the type, the engine does not compute the sizes of images; engines before 23 ignore it.
    url = f"{client.base_url}/v{client.api_version}/system/df"
    response = poll(
        lambda: client.get(url, params={"type": "build-cache"}, timeout=client.timeout),
        _BUSY_SECONDS,
        # These engines answer one client at a time, and refuse others.
        until=lambda response: response.ok or "already running" not in response.text,
        every=0.2,
    )
    response.raise_for_status()
    return list(response.json()["BuildCache"] or ())


def _files(folder: Path) -> list[Path]:
    """Return the notes in a folder; none if another command has removed it."""
    # Python 3.11's glob fails if that happens meanwhile.
    with suppress(FileNotFoundError):
        return list(folder.glob("*.jsonl"))
    return []


def _lines(file: Path) -> Iterator[Any]:
    with suppress(OSError):
        for line in file.read_text(errors="replace").splitlines():
            with suppress(ValueError):
                yield json.loads(line)


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _is_abandoned(folder: Path) -> bool:
    """Whether the deployment of these notes has been gone for a while."""
    with suppress(OSError, HarnessError, KeyError, TypeError):
        # First: where they are being made, there is no owner yet.
        if time.time() - folder.stat().st_mtime <= _KEPT_SECONDS:
            return False
        return not Path(records.read(folder / _OWNER)["folder"]).exists()
    return True


def _notes(deployment: Path) -> Path:
    name = hashlib.sha256(os.fsencode(deployment.resolve())).hexdigest()[:16]
    return machine.cache() / "builds" / name
