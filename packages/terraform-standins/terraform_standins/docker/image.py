"""docker_image: an image of the engine, which is pulled if the engine does not have it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from ..protocol.base import Resource
from ..protocol.diagnostics import DiagnosticError
from ..protocol.values import Values
from .connection import Docker
from .registry_image import BUILD, build_image


class EngineImage(Resource[Docker]):
    """https://registry.terraform.io/providers/kreuzwerker/docker/4.5.0/docs/resources/image"""

    type_name = "docker_image"
    arguments: ClassVar = {
        *("name", "keep_locally", "force_remove", "pull_triggers", "triggers", "platform"),
        *(f"build.{argument}" for argument in BUILD),
    }

    def create(self, docker: Docker, planned: Values) -> Values:
        """Build the image, or pull it if the engine does not have it."""
        engine = docker.engine()
        for block in planned["build"]:
            build_image(engine, block, planned["name"])
        found = _found(engine, planned["name"])
        if found is None:
            _pull(engine, planned["name"], planned["platform"])
            found = _found(engine, planned["name"])
        return {"id": f"{found['Id']}{planned['name']}", **_values(found)}

    def read(self, docker: Docker, state: Values) -> Values | None:
        """Ask the engine."""
        found = _found(docker.engine(), state["name"])
        return found and _values(found)

    def update(self, docker: Docker, prior: Values, planned: Values) -> None:
        """Do nothing: the arguments that change in place matter only at a later delete."""

    def delete(self, docker: Docker, state: Values) -> None:
        """Remove the image from the engine, unless `keep_locally` is set."""
        from docker.errors import ImageNotFound

        if not state["keep_locally"]:
            with suppress(ImageNotFound):
                docker.engine().remove_image(state["name"], force=bool(state["force_remove"]))

    def import_state(self, docker: Docker, import_id: str) -> Values:
        """Raises DiagnosticError, as the real provider does, if an import is tried."""
        raise DiagnosticError("resource docker_image doesn't support import")


def _values(found: Mapping[str, Any]) -> Values:
    return {"image_id": found["Id"], "repo_digest": next(iter(found.get("RepoDigests") or ()), "")}


def _found(engine: Any, name: str) -> Any:
    from docker.errors import ImageNotFound

    try:
        return engine.inspect_image(name)
    except ImageNotFound:
        return None


def _pull(engine: Any, name: str, platform: str | None) -> None:
    from docker.errors import APIError

    try:
        engine.pull(name, tag=None if ":" in name.rpartition("/")[2] else "latest", platform=platform or None)
    except APIError as error:
        raise DiagnosticError(f"Unable to pull image {name}: {error.explanation}") from error
