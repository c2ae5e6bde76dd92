"""The context of the docker types: an engine and the logins to registries."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from buildkit_client.errors import EngineError
from buildkit_client.registry import Login

from ..protocol.diagnostics import Diagnostic, DiagnosticError

if TYPE_CHECKING:
    from docker import APIClient

# Importing them costs 0.2 s.
ENGINE_MODULES = {"docker", "buildkit_client.build"}


@dataclass(frozen=True)
class Docker:
    """The context of the docker types."""

    host: str | None = None
    logins: dict[str, Login] = field(default_factory=dict)

    def engine(self) -> APIClient:
        """The engine at `host`, else that of DOCKER_HOST or the current context.

        Only a build and a push need it; a plan does not. Raises DiagnosticError if it does not answer.
        """
        # Importing docker costs 0.2 s.
        from docker import APIClient

        from buildkit_client.engine import find_engine

        try:
            return APIClient(base_url=self.host, version="auto") if self.host else find_engine().client.api
        except EngineError as error:
            raise DiagnosticError(str(error)) from error

    def login(self, registry: str) -> Login:
        """The login to a registry (`localhost:4566`). Raises DiagnosticError if the configuration has none."""
        if registry not in self.logins:
            raise DiagnosticError(
                Diagnostic(
                    f"Unable to get authConfig for registry: no auth config found for registry {registry}",
                    f"Add a block `registry_auth` with address = {registry!r} to the docker provider.",
                )
            )
        return self.logins[registry]


def login_of(block: dict[str, Any]) -> Login:
    """The login of a block `registry_auth`."""
    username = block["username"] or os.environ.get("DOCKER_REGISTRY_USER", "")
    password = block["password"] or os.environ.get("DOCKER_REGISTRY_PASS", "")
    if username or block["auth_disabled"]:
        return Login(block["address"], username, password)
    # Importing docker costs 0.2 s, so import it only for logins made by `docker login`.
    from docker.auth import load_config

    login = Login(block["address"])
    found = load_config(config_path=block["config_file"]).resolve_authconfig(login.registry) or {}
    return Login(block["address"], found.get("username") or "", found.get("password") or "")
