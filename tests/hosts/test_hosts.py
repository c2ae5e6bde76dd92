"""`make test-aws`, without an AWS account: at AWS's host names, over TLS, with an embedded cloud behind them.

On a machine of the test's own, on which a name server leads AWS's domain to it, and programs trust its certificate.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from engine.programs import ALONE, python

from cdktf_harness.cloud import ACCOUNT
from cdktf_harness.deployment.images import build_image
from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine
from cdktf_harness.pytest_plugin import App
from cdktf_harness.system.progress import Steps
from checkout import PROJECT
from hosts.machine import REGION
from hosts.names import DOMAIN as AWS

pytestmark = [
    pytest.mark.docker,
    pytest.mark.hosts,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a machine"),
]
SECONDS = 1200
DOMAIN = f"{REGION}.{AWS}"
BASE = "python-distroless"
BUCKET = "ontra-states"
# The base of builds, with what builds download otherwise.
CONTAINERFILE = """\
ARG BUILD_BASE
FROM ${BUILD_BASE}
WORKDIR /wheels
COPY requirements.txt ./
RUN python3 -m pip download --quiet --require-hashes --only-binary=:all: --platform "manylinux2014_$(uname -m)" \\
      --requirement requirements.txt
ENV PIP_NO_INDEX=1 PIP_FIND_LINKS=/wheels
"""
PROGRAM = """
from pathlib import PosixPath
from hosts import machine
machine.run({arguments})
"""
Run = Callable[..., tuple[str, set[str], list[str]]]


@pytest.fixture(scope="module")
def builder(docker_engine: Engine, cdktf_app: App, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An image for builds without a network, of which the function's runs on the machine itself."""
    if not all(map(shutil.which, ("unshare", "dockerd", "runc"))):
        pytest.skip("needs unshare, dockerd and runc")
    folder = tmp_path_factory.mktemp("builder")
    shutil.copy(PROJECT / "lambda_image" / "requirements.txt", folder)
    (folder / "Containerfile").write_text(CONTAINERFILE)
    native = replace(cdktf_app.project, given={"architecture": docker_engine.architecture})
    tag = f"ontra-test-{uuid.uuid4().hex[:8]}:builder"
    build_image(native, folder, tag, steps=Steps(quiet=True))
    yield tag
    docker_engine.client.images.remove(tag)


@pytest.fixture
def run(docker_engine: Engine, builder: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run commands on such a machine; return what they say, the host names, and what is left in the cloud."""

    def run(*commands: list[str], **settings: str) -> tuple[str, set[str], list[str]]:
        # With a path that is short enough for sockets in it.
        folder = tmp_path_factory.mktemp("hosts")
        client = docker_engine.client
        images = {"BUILD_BASE": builder, "FUNCTION_BASE": bases.image(client, BASE, docker_engine.architecture)}
        for argument, name in images.items():
            with (folder / argument).open("wb") as archive:
                archive.writelines(client.images.get(name).save(named=name))
        arguments = (folder, images, list(commands), settings)
        said = python(PROGRAM.format(arguments=", ".join(map(repr, arguments))), *ALONE, seconds=SECONDS)
        print(said)
        told = json.loads(said.splitlines()[-1])
        return said, set(told["names"]), told["left"]

    return run


def test_the_tests_on_aws_pass_at_its_host_names(run: Run) -> None:
    """With certificates that are checked, and signatures of these names; the stacks are those for AWS itself."""
    said, names, left = run(["make", "test-aws", f"ACCOUNT={ACCOUNT}"], ONTRA_MONITORING="true")
    assert "skipped" not in said
    assert left == []
    apis = {name for name in names if name.endswith(f".execute-api.{DOMAIN}")}
    assert len(apis) > 1
    services = ("apigateway", "api.ecr", f"{ACCOUNT}.dkr.ecr", "kms", "lambda", "logs", "monitoring", "sns", "sts")
    assert names - apis == {f"iam.{AWS}", *(f"{name}.{DOMAIN}" for name in services)}


def test_the_commands_of_the_documents_work(run: Run) -> None:
    """With everything that may be deployed, and the state in a bucket; in the end there is nothing but that."""
    commands = "bootstrap build get diff status invoke logs releases drift doctor destroy"
    said, names, left = run(
        *(["make", command] for command in commands.split()),
        ONTRA_STAGE="staging",
        ONTRA_ARCHITECTURE={"x86_64": "x86_64"}.get(platform.machine(), "arm64"),
        ONTRA_STATE_BUCKET=BUCKET,
        ONTRA_ALARM_EMAIL="ops@example.com",
        ONTRA_API_GATEWAY_ROLE="true",
        ONTRA_API_KEY="true",
    )
    assert "no drift" in said
    assert {found.rpartition(": ")[2] for found in left} == {BUCKET}
    services = ("monitoring", "sns", f"{BUCKET}.s3")
    assert names > {f"{name}.{DOMAIN}" for name in services}
