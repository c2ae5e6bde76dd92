"""What wants the engine that the harness started when no process does: a deployment, an image that was asked for.

A claim holds as long as what it names exists, and is made by the command that makes that.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from cdktf_harness.docker import machine
from cdktf_harness.project import records
from cdktf_harness.project.errors import HarnessError


def folder(path: Path) -> None:
    """The engine is wanted for what is kept in the folder `path`, until `drop` or the end of the folder."""
    _change(add=[{"folder": str(path.resolve())}])


def image(tag: str) -> None:
    """The engine is wanted for an image in it, until that is removed."""
    _change(add=[{"image": tag}])


def drop(*paths: Path) -> None:
    """The engine is not wanted any more for what was kept in these folders."""
    _change(remove=[{"folder": str(path.resolve())} for path in paths])


def valid(host: str) -> list[str]:
    """The folders and images that the engine at `host` is wanted for; claims that do not hold are forgotten."""
    held = [claim for claim in _read() if _holds(claim, host)]
    if held != _read():
        records.write(_file(), held)
    return [name for claim in held for name in claim.values()]


def _holds(claim: Any, host: str) -> bool:
    return _may_hold(claim) and ("image" not in claim or _has_image(host, claim["image"]))


def _may_hold(claim: Any) -> bool:
    """Whether it holds as far as can be told without the engine."""
    match claim:
        case {"folder": str(path)}:
            return Path(path).exists()
        case {"image": str()}:
            return True
    return False


def _has_image(host: str, tag: str) -> bool:
    # Late: it costs 0.2 s.
    from docker import APIClient
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    try:
        with contextlib.closing(APIClient(base_url=host, version="auto")) as client:
            return bool(client.images(name=tag))
    except (DockerException, RequestException):
        return False


def _change(*, add: list[Any] | None = None, remove: list[Any] | None = None) -> None:
    with machine.lock("claims"):
        before = _read()
        changed = (add or []) + (remove or [])
        after = [claim for claim in before if claim not in changed and _may_hold(claim)] + (add or [])
        if after != before:
            records.write(_file(), after)


def _read() -> list[Any]:
    try:
        content = records.read(_file())
    except HarnessError:
        return []
    return content if isinstance(content, list) else []


def _file() -> Path:
    return machine.cache() / "dockerd.claims.json"
