"""`down` removes everything, or names what it could not remove."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from cdktf_harness.cloud import Cloud
from cdktf_harness.cloud.docker_cleanup import INSTANCE_LABEL
from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.docker.engine import ensure_engine
from cdktf_harness.project.project import find
from cdktf_harness.system import json_store
from cdktf_harness.system.processes import Process

from .running import FILES, at_work, run, succeed, write_app

CONTINUES = "`cdktf-harness up` continues it here"
IMAGES = '{"language": "python", "app": "python main.py", "projectId": "x", "context": {"architecture": "arm64"}}'


def up(app: Path, *, engine: bool = False) -> Cloud:
    """What `up` does before it deploys: a deployment with a cloud."""
    deployment = LocalDeployment(find(app), app / ".cdktf-harness/local")
    deployment.start(images=engine)
    return deployment.cloud


def test_what_cannot_be_removed_is_said(app: Path) -> None:
    """With the reason, and without a check mark; once that is fixed, the rest is removed."""
    up(app)
    held = app / ".cdktf-harness/local/held"
    held.mkdir()
    (held / "file").write_text("")
    if os.geteuid():
        held.chmod(0o500)
        down = run(app, "down")
        reason = f"{held / 'file'} (Permission denied)"
    else:
        mounted = ["unshare", "--mount", "sh", "-ec", f'mount -t tmpfs none {held}; exec "$@"', "sh"]
        down = run(app, "down", before=mounted)
        reason = f"{held} (Device or resource busy)"
    assert down.returncode == 1
    assert down.lines[-1].startswith(f"error: could not remove {reason}"), down.output
    assert down.lines[-1].endswith("; fix that, then run `cdktf-harness down` again")
    assert "✓" not in down.output
    if held.exists():
        held.chmod(0o700)
    assert "✓" in succeed(app, "down").output
    assert not (app / ".cdktf-harness").exists()
    again = succeed(app, "down").output
    assert ("✓" in again, "Nothing is up" in again) == (False, True)


def test_a_deployment_is_moved_with_its_folder_but_not_copied(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No command in a copy touches the running cloud, which moves with its folder.

    After a move, what would read the states at the old place is refused until the next `up`.
    """
    app = write_app(tmp_path_factory.mktemp("was").resolve() / "app")
    succeed(app, "up")
    copy, moved = app.with_name("copy"), app.with_name("moved")
    try:
        shutil.copytree(app, copy, symlinks=True, ignore=shutil.ignore_patterns("*.lock"))
        for command in ("up", "diff", "env"):
            assert f"is a copy of the deployment in {app}/" in run(copy, command).lines[-1]
        assert "the folder is a copy: " in succeed(copy, "down").output
        assert not (copy / ".cdktf-harness").exists()
        app.rename(moved)
        cloud = Cloud(moved / ".cdktf-harness/local/cloud")
        cloud.client("logs", region_name="us-east-1").create_log_group(logGroupName="kept")
        said = run(moved, "diff").lines[-1]
        assert said.endswith(f"were in {app}/.cdktf-harness/local/state; {CONTINUES}")
        assert "  no changes" in succeed(moved, "up").lines
        groups = cloud.client("logs", region_name="us-east-1").describe_log_groups()["logGroups"]
        assert [group["logGroupName"] for group in groups] == ["kept"]
        assert not app.exists()
    finally:
        succeed(moved if moved.exists() else app, "down")
    assert at_work(moved) == []


def test_an_engine_that_was_started_here_is_named(app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps running; the line says how to stop it. One that has ended is not named."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "cdktf-harness").mkdir()
    engine = subprocess.Popen(["sleep", "100"])
    json_store.write(tmp_path / "cdktf-harness/dockerd.json", Process.of(engine.pid).record)
    named = f"The Docker engine that the harness started on this machine keeps running; stop it by: kill {engine.pid}"
    assert succeed(app, "down").lines.count(named) == 1
    engine.kill()
    engine.wait()
    assert named not in succeed(app, "down").lines


@pytest.mark.docker
def test_a_cloud_whose_folder_was_removed_by_hand_is_found(app: Path) -> None:
    """It would run forever. Its images are found by name and its containers by label, by `up` and by `down`."""
    cloud = up(write_app(app, {**FILES, "cdktf.json": IMAGES}), engine=True)
    image, instance = f"{cloud.registry}/left", cloud.instance
    empty = io.BytesIO()
    tarfile.open(fileobj=empty, mode="w").close()
    with closing(ensure_engine().client) as client:
        client.api.import_image_from_data(empty.getvalue(), repository=image, tag="1")
        client.api.create_container(f"{image}:1", command="none", labels={INSTANCE_LABEL: instance})
        shutil.rmtree(app / ".cdktf-harness")
        assert "  cleaning up after a deployment that was deleted manually" in succeed(app, "up").lines
        assert len(at_work(app)) == 1
        shutil.rmtree(app / ".cdktf-harness")
        succeed(app, "down")
        assert client.containers.list(all=True, filters={"label": f"{INSTANCE_LABEL}={instance}"}) == []
        assert client.images.list(name=image) == []
