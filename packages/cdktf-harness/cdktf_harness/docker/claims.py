"""Claims on the engine that the harness started, for what outlives a process: a deployment, an image.

The command that makes the deployment or the image makes the claim. It is valid while that exists.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from cdktf_harness.docker import machine
from cdktf_harness.project import records
from cdktf_harness.project.errors import HarnessError


def folder(path: Path) -> None:
    """Claim the engine for the deployment in the folder `path`, until `drop` or until the folder is removed."""
    _change(add=[{"folder": str(path.resolve())}])


def image(tag: str) -> None:
    """Claim the engine for an image in it, until the image is removed."""
    _change(add=[{"image": tag}])


def drop(*paths: Path) -> None:
    """Drop the claims of these folders."""
    _change(remove=[{"folder": str(path.resolve())} for path in paths])


def valid(host: str) -> list[str]:
    """Return the folders and images that claim the engine at `host`; delete claims that are not valid."""
    with machine.lock("claims"):
        claimed = _read()
        held = [claim for claim in claimed if _holds(claim, host)]
        if held != claimed:
            records.write(_file(), held)
    return [name for claim in held for name in claim.values()]


def _holds(claim: Any, host: str) -> bool:
    return _may_hold(claim) and ("image" not in claim or _has_image(host, claim["image"]))


def _may_hold(claim: Any) -> bool:
    """Whether it is valid as far as can be seen without the engine."""
    match claim:
        case {"folder": str(path)}:
            return Path(path).exists()
        case {"image": str()}:
            return True
    return False


def _has_image(host: str, tag: str) -> bool:
    # Imported late: it takes 0.2 s.
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
