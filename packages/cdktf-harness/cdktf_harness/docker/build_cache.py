"""What a deployment's builds leave in BuildKit's cache, and its removal.

The engine does not tell whose a record of its cache is, and lets nobody mark one. But a build's messages say when each
of its steps ran, by the clock that the engine also puts on the records (`build_notes`). So a record is ours if it was
made while a step of ours ran, and if no other build has used it since. What another build makes in the same moment
cannot be told from ours: of that, its next run finds a step less in the cache.

The notes are in the user's cache, since a deployment's folder may be removed by hand.

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
from typing import Any

from docker import APIClient

from cdktf_harness.docker import machine
from cdktf_harness.docker.engine import engine_of_remains
from cdktf_harness.project import records
from cdktf_harness.project.errors import HarnessError

# Between a step's end and that of what it used; for a build that was killed, to when the engine gives it up.
_SLACK_SECONDS = 10.0
# How long the next build may still find all in the cache that a deployment left which is gone: one of a run of tests.
_KEPT_SECONDS = 3600.0
_OWNER = "deployment.json"


@dataclass
class _Build:
    """A build for the deployment whose notes are in the folder of `file`; times are by the engine's clock."""

    file: Path
    engine: str = ""
    steps: dict[str, tuple[float, float | None]] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> _Build:
        """The build of a file, without a last line that was not finished."""
        build = cls(file)
        for line in _lines(file):
            match line:
                case {"engine": str(engine)}:
                    build.engine = engine
                case {"step": str(step), "from": float(start), "to": float() | None as end}:
                    build.steps[step] = (start, end)
        return build

    def made(self, record: dict[str, Any]) -> bool:
        """Whether a record was made while one of its steps ran."""
        made = _time(record["CreatedAt"])
        return any(start <= made <= (end or start + _SLACK_SECONDS) for start, end in self.steps.values())

    def used(self, record: dict[str, Any]) -> bool:
        """Whether a record was used by it, and not since."""
        if not self.steps:
            return False
        first = min(start for start, _ in self.steps.values())
        last = max(end or start for start, end in self.steps.values())
        return first <= _time(record.get("LastUsedAt") or record["CreatedAt"]) <= last + _SLACK_SECONDS


def notes(deployment: Path) -> Path:
    """The folder for the notes of a deployment's builds, made when it is new. Raises OSError."""
    folder = _notes(deployment)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    records.write(folder / _OWNER, {"folder": str(deployment.resolve())})
    return folder


def remove(deployment: Path) -> int:
    """Remove what the builds of a deployment that goes down were the last to use; returns how many bytes that was.

    And what those of others were that are long gone. Raises HarnessError where no engine answers.
    """
    own = _notes(deployment)
    folders = {own, *own.parent.glob("*")}
    over = {folder for folder in folders if folder == own or _is_abandoned(folder)}
    builds = [_Build.read(file) for folder in folders for file in folder.glob("*.jsonl")]
    freed = _remove([build for build in builds if build.file.parent in over], builds)
    for folder in over:
        if not any(folder.glob("*.jsonl")):
            shutil.rmtree(folder, ignore_errors=True)
    return freed


def _remove(over: list[_Build], all_builds: list[_Build]) -> int:
    if not over:
        return 0
    client = engine_of_remains().client
    engine = client.info()["ID"]
    over = [build for build in over if build.engine == engine]
    # What a build finds in the cache, an earlier one may have made for another deployment.
    makers = [build for build in all_builds if build.engine == engine]
    found = _records(client.api)
    ours = {
        str(record["ID"])
        for record in found
        if any(build.used(record) for build in over) and any(build.made(record) for build in makers)
    }
    freed, gone = _prune(client.api, ours)
    left = [record for record in found if record["ID"] not in gone]
    for build in over:
        if not any(build.made(record) for record in left):
            build.file.unlink(missing_ok=True)
    return freed


def _prune(client: APIClient, ids: set[str]) -> tuple[int, set[str]]:
    """Remove those records that nothing needs; returns how many bytes that was, and which."""
    if not ids:
        return 0, set()
    # The engine takes a regular expression, in quotes for what is no word.
    filters: Any = {"id": f'"^({"|".join(sorted(ids))})$"'}
    done = client.prune_builds(filters=filters, all=True)
    return int(done["SpaceReclaimed"]), set(done["CachesDeleted"] or ())


def _records(client: APIClient) -> list[dict[str, Any]]:
    # With the type, which engines before 23 do not know, no images are measured.
    url = f"{client.base_url}/v{client.api_version}/system/df"
    response = client.get(url, params={"type": "build-cache"}, timeout=client.timeout)
    response.raise_for_status()
    return list(response.json()["BuildCache"] or ())


def _lines(file: Path) -> Iterator[Any]:
    with suppress(OSError):
        for line in file.read_text(errors="replace").splitlines():
            with suppress(ValueError):
                yield json.loads(line)


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _is_abandoned(folder: Path) -> bool:
    """Whether the deployment of these notes is gone, and has been for a while."""
    with suppress(OSError, HarnessError, KeyError, TypeError):
        owner = Path(records.read(folder / _OWNER)["folder"])
        return not owner.exists() and time.time() - folder.stat().st_mtime > _KEPT_SECONDS
    return True


def _notes(deployment: Path) -> Path:
    name = hashlib.sha256(os.fsencode(deployment.resolve())).hexdigest()[:16]
    return machine.cache() / "builds" / name
