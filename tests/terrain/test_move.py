"""This project as a CDK Terrain project: the same stacks, over the state that the CDKTF version left."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.project.project import Project, find
from cdktf_harness.synthesis.matching import differences
from cdktf_harness.system.programs import run
from checkout import PROJECT
from terrain.packages import Packages

# What the bindings of cdktn are newer in, and how they write the source of a provider.
AWS = "terraform.required_providers.aws"
# The copy is no checkout.
COMMIT = {"ONTRA_COMMIT": "0000000"}
DIFFERENCES = {
    "//.metadata.version": ("0.21.0", "0.24.0"),
    f"{AWS}.source": ("aws", "hashicorp/aws"),
    f"{AWS}.version": ("6.25.0", "6.69.1"),
}


def synthesized(root: Path, out: Path, env: Mapping[str, str]) -> dict[str, Any]:
    """The stacks of the app in `root` for AWS, by name, with their states in the same folder."""
    own = {"ONTRA_TARGET": "aws", "ONTRA_STATE_FOLDER": "/state", "CDKTF_OUTDIR": str(out)}
    run(["python", "main.py"], cwd=root, env={**env, **own})
    return {path.parent.name: json.loads(path.read_text()) for path in out.glob("stacks/*/cdk.tf.json")}


def test_the_copy_synthesizes_the_same_stacks(environment: dict[str, str], moved: Project, tmp_path: Path) -> None:
    """Versions and the spelling of a provider's source differ, and nothing else.

    The lazy imports do for cdktn what they do for cdktf: same stacks, without the 2,400 modules of the provider. That
    those of cdktf are the same with stock imports is in tests/snapshot.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    spy = tmp_path / "spy.cjs"
    spy.write_text(
        'process.on("exit", () => require("node:fs").appendFileSync('
        f'"{tmp_path}/loaded", Object.keys(require.cache).filter(name => name.includes("provider-aws")).join("\\n")));'
    )
    before = synthesized(PROJECT, tmp_path / "cdktf", {**os.environ, "PATH": path, **COMMIT})
    after = synthesized(moved.root, tmp_path / "cdktn", {**environment, **COMMIT, "NODE_OPTIONS": f'--require "{spy}"'})
    assert list(before) == list(after)
    for stack in before:
        assert differences(before[stack], after[stack]) == DIFFERENCES
    assert 0 < len((tmp_path / "loaded").read_text().splitlines()) < 100


@pytest.fixture
def original(packages: Packages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalDeployment]:
    """A cloud of this test's own, in an environment that has the packages of both."""
    monkeypatch.syspath_prepend(packages.python)
    monkeypatch.setenv("PYTHONPATH", str(packages.python))
    deployment = LocalDeployment(find(PROJECT), tmp_path / "local")
    try:
        yield deployment
    finally:
        deployment.remove()


def successor(before: Deployment, moved: Project, environment: dict[str, str], folder: Path) -> Deployment:
    """The copy, in its `environment`, over the state of the deployment `before`."""
    folder.mkdir()
    own = {"PYTHONPATH": environment["PYTHONPATH"], "CDKTF_OUTPUT": str(folder / "cdktf.out")}
    return Deployment(moved, folder, {**before.env, **own})


@pytest.mark.docker
def test_the_copy_has_nothing_to_change_at_all(
    original: LocalDeployment,
    moved: Project,
    environment: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Deployed by cdktf, the stacks are what cdktn wants: its deployment over that state changes nothing.

    It has the same outputs then, and destroys what is there.
    """
    original.start()
    outputs = original.deploy()
    after = successor(original, moved, environment, tmp_path / "after")
    assert after.deploy() == outputs
    assert "  no changes\n" in capsys.readouterr().err
    cdktn = str(moved.root / "node_modules" / ".bin" / "cdktn")
    assert "No changes." in run([cdktn, "diff", "api"], cwd=moved.root, env=after.env)
    after.destroy()
    assert original.cloud.contents() == []
