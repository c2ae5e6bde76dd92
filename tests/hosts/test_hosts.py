"""`make test-aws`, without an AWS account: at AWS's host names, over TLS, with an embedded cloud behind them.

On a machine of the test's own, on which a name server leads AWS's domain to it, and programs trust its certificate.
"""

from __future__ import annotations

import json
import os
import shutil
import tarfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from engine.programs import ALONE, python

from cdktf_harness.cloud.process import ACCOUNT
from cdktf_harness.deployment.images import build_image
from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine
from cdktf_harness.project.progress import Steps
from cdktf_harness.pytest_plugin import App
from checkout import PROJECT
from hosts.machine import REGION

pytestmark = [
    pytest.mark.docker,
    pytest.mark.hosts,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a machine"),
]
SECONDS = 1200
# The base of builds, with what builds download otherwise.
CONTAINERFILE = """\
ARG BUILD_BASE
FROM ${BUILD_BASE}
WORKDIR /wheels
COPY *requirements.txt ./
RUN python3 -m pip download --quiet --require-hashes --only-binary=:all: --platform "manylinux2014_$(uname -m)" \\
      --requirement requirements.txt \\
 && python3 -m pip install --quiet --require-hashes --no-deps --target /emulator --requirement emulator-requirements.txt
ENV PIP_NO_INDEX=1 PIP_FIND_LINKS=/wheels
"""
EMULATOR = "/emulator/samcli/local/rapid/aws-lambda-rie-"
PROGRAM = """
from pathlib import PosixPath
from hosts import machine
machine.run({folder!r}, {images!r}, {emulator!r})
"""


@pytest.fixture
def builder(docker_engine: Engine, cdktf_app: App, tmp_path: Path) -> Iterator[str]:
    """An image for builds without a network, of which the function's runs on the machine itself."""
    if not all(map(shutil.which, ("unshare", "dockerd", "runc"))):
        pytest.skip("needs unshare, dockerd and runc")
    for source in ("requirements.txt", "emulator-requirements.txt"):
        shutil.copy(PROJECT / "lambda_image" / source, tmp_path)
    (tmp_path / "Containerfile").write_text(CONTAINERFILE)
    native = replace(cdktf_app.project, given={"architecture": docker_engine.architecture})
    tag = f"ontra-test-{uuid.uuid4().hex[:8]}:builder"
    build_image(native, tmp_path, tag, steps=Steps(quiet=True))
    yield tag
    docker_engine.client.images.remove(tag)


def test_the_tests_on_aws_pass_at_its_host_names(
    docker_engine: Engine, builder: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With certificates that are checked, and signatures of these names; the stacks are those for AWS itself."""
    # With a path that is short enough for sockets in it.
    folder = tmp_path_factory.mktemp("hosts")
    client = docker_engine.client
    base = bases.image(client, "python-distroless", docker_engine.architecture)
    images = {"BUILD_BASE": builder, "FUNCTION_BASE": base}
    for argument, name in images.items():
        with (folder / argument).open("wb") as archive:
            archive.writelines(client.images.get(name).save(named=name))
    emulator = copied(docker_engine, builder, folder)
    said = python(PROGRAM.format(folder=folder, images=images, emulator=str(emulator)), *ALONE, seconds=SECONDS)
    print(said)
    names = json.loads(said.splitlines()[-1])
    apis = {name for name in names if name.endswith(f".execute-api.{REGION}.amazonaws.com")}
    assert len(apis) > 1
    services = ("apigateway", "api.ecr", f"{ACCOUNT}.dkr.ecr", "lambda", "logs", "sts")
    assert set(names) - apis == {"iam.amazonaws.com", *(f"{name}.{REGION}.amazonaws.com" for name in services)}


def copied(engine: Engine, image: str, folder: Path) -> Path:
    """Copy the Lambda emulator out of the image."""
    source = EMULATOR + {"amd64": "x86_64"}.get(engine.architecture, engine.architecture)
    container = engine.client.containers.create(image, "true")
    try:
        parts, _ = container.get_archive(source)
        with tarfile.open(fileobj=BytesIO(b"".join(parts))) as archive:
            archive.extractall(folder, filter="data")
    finally:
        container.remove()
    return folder / Path(source).name
