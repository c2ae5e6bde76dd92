"""`down` removes what the deployment's builds left in the engine's cache, and nothing else."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.docker import build_cache, machine
from cdktf_harness.docker.engine import Engine
from cdktf_harness.project.errors import HarnessError
from terraform_standins.docker.build import Build, build
from terraform_standins.variables import BUILDS

USER = Path("/nonexistent/user")


class Builder:
    """Builds images of one file each, for a deployment or for a user, whose builds are not recorded."""

    def __init__(self, engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._api: Any = engine.client.api
        self._folder = folder
        self._monkeypatch = monkeypatch
        self._run = uuid.uuid4().hex

    def builds(self, name: str, deployment: Path = USER) -> bool:
        """Build the image `name` and remove it; return whether it was in the engine's cache."""
        self._notes("user" if deployment == USER else "deployments")
        context, tag = self._folder / name, f"test-{self._run}:{name}"
        context.mkdir(exist_ok=True)
        (context / "Dockerfile").write_text("FROM scratch\nCOPY file /\n")
        (context / "file").write_text(f"{self._run} {name}")
        lines = list[str]()
        self._monkeypatch.setenv(BUILDS, str(build_cache.notes(deployment)))
        build(self._api, Build(context=context, tags=[tag]), lines.append)
        self._api.remove_image(tag, force=True)
        (number,) = {line.split()[0] for line in lines if "COPY file" in line}
        return f"{number} CACHED" in lines

    def remove(self, deployment: Path = USER) -> int:
        """Remove what a deployment's builds left; return the number of bytes."""
        self._notes("user" if deployment == USER else "deployments")
        return build_cache.remove(deployment)

    def notes(self, deployment: Path) -> Path:
        """The folder for the notes of a deployment's builds."""
        self._notes("deployments")
        return build_cache.notes(deployment)

    def _notes(self, whose: str) -> None:
        self._monkeypatch.setenv("XDG_CACHE_HOME", str(self._folder / f"notes of {whose}"))


@pytest.fixture
def builder(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Builder]:
    """A builder with its own records, which no other test may take for those of a deployment."""
    with machine.lock(build_cache.LOCK):
        builder = Builder(engine, tmp_path, monkeypatch)
        yield builder
        builder.remove()


def test_what_a_deployment_has_built_goes_with_it(builder: Builder, tmp_path: Path) -> None:
    """What a user or another deployment has built stays."""
    ours, other = tmp_path / "ours", tmp_path / "other"
    builder.builds("users")
    builder.builds("others", other)
    builder.builds("ours", ours)
    assert builder.remove(ours) > 0
    assert builder.builds("users")
    assert builder.builds("others", other)
    assert not builder.builds("ours", ours)
    assert builder.remove(ours) > 0
    assert builder.remove(other) > 0
    assert (builder.remove(ours), builder.remove(other)) == (0, 0)


def test_what_has_been_used_since_stays(builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was used by a build of nobody's deployment since, so it stays."""
    with monkeypatch.context() as patch:
        # Shorter than a build.
        patch.setattr(build_cache, "_SLACK_SECONDS", 0.01)
        builder.builds("shared", tmp_path / "ours")
        assert builder.builds("shared")
        builder.remove(tmp_path / "ours")
        assert builder.builds("shared")
    assert builder.builds("shared", tmp_path / "ours")
    assert builder.remove(tmp_path / "ours") > 0


def test_notes_go_where_nothing_is_left(builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a build that was killed before it started and, without an engine, those of no build; new ones stay."""
    killed = builder.notes(tmp_path / "killed")
    (killed / "build.jsonl").touch()
    builder.remove(tmp_path / "killed")
    assert not killed.exists()
    others, none, new = (builder.notes(tmp_path / name) for name in ("others", "none", "new"))
    (others / "build.jsonl").touch()
    os.utime(others, (0, 0))
    (new / "deployment.json").unlink()
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(HarnessError):
        build_cache.remove(tmp_path / "none")
    assert (others.exists(), none.exists(), new.exists()) == (True, False, True)


def test_others_may_ask_the_engine_at_the_same_time(builder: Builder, tmp_path: Path) -> None:
    """Engines before 23 refuse all but one: each of several deployments is removed nevertheless."""
    deployments = [tmp_path / name for name in "abcd"]
    for deployment in deployments:
        assert not builder.builds(deployment.name, deployment)
    with ThreadPoolExecutor() as pool:
        assert sum(pool.map(builder.remove, deployments)) > 0
