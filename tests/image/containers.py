"""Containers of the image under test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from docker import DockerClient
from docker.models.containers import Container

from cdktf_harness.docker.emulation import VARIABLES

ARCHITECTURE = "arm64"
PLATFORM = f"linux/{ARCHITECTURE}"
ANSWER_SECONDS = 300


@contextmanager
def running(client: DockerClient, image: str, **options: Any) -> Iterator[Container]:
    """Run a container for the length of a `with` block."""
    environment = VARIABLES[ARCHITECTURE] | options.pop("environment", {})
    container = client.containers.run(image, detach=True, platform=PLATFORM, environment=environment, **options)
    try:
        yield container
    finally:
        container.remove(force=True, v=True)


def output(client: DockerClient, image: str, program: str) -> str:
    """Return what a Python program prints in a container; it must end well."""
    entrypoint = ["/usr/bin/python3", "-c", program]
    with running(client, image, entrypoint=entrypoint, network_mode="none") as container:
        status = container.wait()["StatusCode"]
        text = container.logs().decode()
    assert status == 0, text
    return text
