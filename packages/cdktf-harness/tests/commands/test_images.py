"""Base images: the output says which are used, and on AWS they are never replaced."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from cdktf_harness.cloud import Cloud
from cdktf_harness.deployment.aws.deployment import AwsDeployment
from cdktf_harness.deployment.images import bases_for, build_image
from cdktf_harness.docker.engine import Engine
from cdktf_harness.project.project import Project
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.system.progress import Steps

from .conftest import stand_for_aws, write
from .running import run

# Builds an image.
BUILDS = """
login = {{"address": "http://localhost:1", "username": "x", "password": "x"}}
build = {{"context": "{context}", "platform": "linux/{architecture}", "build_log_file": "build.log"}}
synth({{"one": {{
    "terraform": {{"required_providers": {{"docker": {{"source": "kreuzwerker/docker", "version": "4.5.0"}}}}}},
    "provider": {{"docker": [{{"registry_auth": [login]}}]}},
    "resource": {{"docker_registry_image": {{"image": {{"name": "localhost:1/x:y", "build": [build]}}}}}},
}}}})
"""


@pytest.fixture
def project(docker_engine: Engine, tmp_path: Path) -> Project:
    """An app that builds an image of the engine's own architecture, and takes its bases from a variable."""
    (tmp_path / "cdktf.json").write_text('{"app": "true"}')
    return Project(
        root=tmp_path,
        context={"architecture": docker_engine.architecture},
        stacks=("one",),
        bases={"BASE": "python-build"},
        environment={"X_BUILD_ARGS": "{build_args}", "X_OTHER": "set"},
    )


@pytest.fixture
def account(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """An AWS account, as far as this process knows; with the bundled providers."""
    stand_for_aws(cloud, monkeypatch, region="eu-central-1", PROVIDERS="bundled")


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("own", ["", '{"BASE": "mine"}'])
def test_a_base_is_never_replaced_on_aws(project: Project, own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine can reach, an image is built on what the app or the user says."""
    monkeypatch.delenv("X_BUILD_ARGS", raising=False)
    if own:
        monkeypatch.setenv("X_BUILD_ARGS", own)
    deployment = AwsDeployment(project, project.root / "aws", steps=Steps(quiet=True))
    deployment.start(images=True)
    assert deployment.env.get("X_BUILD_ARGS", "") == own
    assert deployment.env["X_OTHER"] == "set"


@pytest.mark.usefixtures("account")
def test_emulation_is_asked_for_where_a_build_needs_it(project: Project, docker_engine: Engine) -> None:
    """A build for AWS that runs no program of the image's architecture needs none, so nothing is asked before."""
    assert docker_engine.architecture != "riscv64"
    context = project.root / "image"
    context.mkdir()
    (context / "program").write_bytes(b"\x7fELF" + bytes(60))
    (context / "program").chmod(0o755)
    (context / "Dockerfile").write_text('FROM scratch\nCOPY program /\nRUN ["/program"]\n')
    with pytest.raises(
        HarnessError, match=r"^images of the architecture 'riscv64' cannot be built: use arm64 or x86_64$"
    ):
        deploy(replace(project, context={"architecture": "riscv64"}), context)


@pytest.mark.usefixtures("account")
def test_what_the_failed_step_of_a_build_printed_last_is_told(project: Project, docker_engine: Engine) -> None:
    """Above all where a source file has a syntax error. The engine's own message only has the step's command."""
    base = bases_for(project, docker_engine, Steps(quiet=True)).get("BASE", "docker.io/library/python:3.13-slim")
    context = project.root / "image"
    context.mkdir()
    (context / "app.py").write_text("def f(:\n")
    (context / "Dockerfile").write_text(f"FROM {base}\nCOPY app.py /\nRUN python3 -m compileall -q /app.py\n")
    with pytest.raises(CommandFailed, match=r"exit code: 1 \(.*\): SyntaxError: invalid syntax \(/app.py, line 1\)$"):
        deploy(project, context)
    with pytest.raises(CommandFailed, match=r"exit code: 1: SyntaxError: invalid syntax \(/app.py, line 1\)$"):
        build_image(project, context, f"test-{uuid.uuid4().hex}", steps=Steps(quiet=True))


def deploy(project: Project, context: Path) -> None:
    """Deploy an app that builds the image of `context` to the account."""
    write(project.root, BUILDS.format(context=context, architecture=project.architecture), "one")
    builds = replace(project, bases={}, environment={}, logs="stacks/*/build.log")
    deployment = AwsDeployment(builds, project.root / "aws", steps=Steps(quiet=True))
    deployment.start(images=True)
    deployment.deploy()


def test_a_step_says_which_bases_are_taken(
    project: Project, docker_engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Public ones, or those built here. A preparation that changes nothing prints nothing: `up` prints all of it."""
    made = bases_for(project, docker_engine, Steps())
    says = "python-build made from Debian's packages" if made else "the public ones"
    assert re.search(rf"^✓ Base images: {says} \d", capsys.readouterr().err, re.M)
    context = {"architecture": docker_engine.architecture}
    (project.root / "cdktf.json").write_text(json.dumps({"app": "python main.py", "context": context}))
    table = '[tool.cdktf-harness]\nstacks = ["one"]\nbases = {BASE = "python-build"}\n'
    (project.root / "pyproject.toml").write_text(table)
    prepare = run(project.root, "prepare")
    # It wants the engine to stay, until this.
    run(project.root, "down")
    assert (prepare.returncode, prepare.lines) == (0, [])
