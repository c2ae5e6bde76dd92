"""docker_registry_image: build an image and push it, in one resource."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from buildkit_client.errors import BuildFailed, ManifestNotFound, PushFailed
from buildkit_client.registry import Image, Registry
from docker_build_context import ContextError

from ..protocol.base import Resource
from ..protocol.diagnostics import Diagnostic, DiagnosticError
from ..protocol.values import Values
from .connection import Docker

if TYPE_CHECKING:
    from docker import APIClient

_OFF = (None, "", "false")
BUILD = ("context", "dockerfile", "target", "platform", "build_args", "label", "labels", "no_cache", "pull_parent")


class RegistryImage(Resource[Docker]):
    """An image in a registry, built from a context.

    https://registry.terraform.io/providers/kreuzwerker/docker/4.5.0/docs/resources/registry_image
    """

    type_name = "docker_registry_image"
    arguments: ClassVar = {
        "name",
        "triggers",
        "keep_remotely",
        "insecure_skip_verify",
        *(f"build.{argument}" for argument in BUILD),
        "build.build_log_file",
        "build.network_mode",
        "build.tag",
        # BuildKit always removes its containers; attestations are never made (see validate).
        "build.remove",
        "build.force_remove",
        "build.provenance",
        "build.sbom",
    }

    def validate(self, config: Values) -> Sequence[str]:
        """Refuse attestations: they make an image index, which Lambda does not accept."""
        return [
            f'docker_registry_image: the bundled provider makes no attestations: set build.{name} = "false"'
            for block in config["build"] or ()
            for name in ("provenance", "sbom")
            if isinstance(block.get(name), str) and block[name] not in _OFF
        ]

    def create(self, docker: Docker, planned: Values) -> Values:
        """Build the image if there is a `build` block, then push it."""
        image, registry = _at(docker, planned)
        engine = docker.engine()
        for block in planned["build"]:
            build_image(engine, block, planned["name"])
        _push(engine, planned["name"], registry)
        digest = registry.digest(image)
        return {"id": digest, "sha256_digest": digest}

    def read(self, docker: Docker, state: Values) -> Values | None:
        """Ask only the registry: a plan needs neither an engine nor the local image."""
        image, registry = _at(docker, state)
        try:
            return {"sha256_digest": registry.digest(image)}
        except ManifestNotFound:
            return None

    def update(self, docker: Docker, prior: Values, planned: Values) -> None:
        """Do nothing: the arguments that change in place matter only at a later delete."""

    def delete(self, docker: Docker, state: Values) -> None:
        """Delete the manifest, unless `keep_remotely` is set."""
        if not state["keep_remotely"]:
            image, registry = _at(docker, state)
            with suppress(ManifestNotFound):
                registry.delete(image, state["sha256_digest"])

    def import_state(self, docker: Docker, import_id: str) -> Values:
        """Raises DiagnosticError, as the real provider does, if an import is tried."""
        raise DiagnosticError("resource docker_registry_image doesn't support import")


def _at(docker: Docker, values: Values) -> tuple[Image, Registry]:
    image = Image.parse(values["name"])
    return image, Registry(docker.login(image.registry), bool(values["insecure_skip_verify"]))


def build_image(engine: APIClient, block: Values, name: str) -> None:
    """Build an image as a `build` block describes it. Raises DiagnosticError."""
    from buildkit_client.build import Build, build

    what = Build(
        context=Path(block["context"]),
        dockerfile=block["dockerfile"],
        tags=[name, *block["tag"]],
        target=block["target"] or "",
        platform=block["platform"] or "",
        build_args=block["build_args"] or {},
        labels={**(block["labels"] or {}), **(block["label"] or {})},
        no_cache=bool(block["no_cache"]),
        pull=bool(block["pull_parent"]),
        network=block.get("network_mode") or "",
    )
    # Line-buffered, so that a user can follow a long build.
    with open(block.get("build_log_file") or os.devnull, "w", buffering=1) as file:
        try:
            build(engine, what, lambda line: print(line, file=file))
        except ContextError as error:
            raise DiagnosticError(str(error)) from error
        except BuildFailed as error:
            reason = str(error)
            solve = reason if reason.startswith("failed to solve") else f"failed to solve: {reason}"
            raise DiagnosticError(Diagnostic(f"Error running buildx build: {solve}", error.tail)) from error


def _push(engine: APIClient, name: str, registry: Registry) -> None:
    from buildkit_client.build import push

    login = registry.login
    try:
        push(engine, name, {"username": login.username, "password": login.password}, before_retry=registry.check)
    except PushFailed as error:
        # The engine has many messages for a registry that does not answer.
        registry.check()
        raise DiagnosticError(f"Error pushing docker image: Error pushing image. . Full error: {error}") from error
