"""The provider kreuzwerker/docker: its configuration and its types."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Collection
from typing import ClassVar

from ..protocol.provider_base import Provider
from ..protocol.values import Values
from .connection import ENGINE_MODULES, Docker, login_of
from .container import Container
from .image import EngineImage
from .registry_image import RegistryImage


class DockerProvider(Provider[Docker]):
    """kreuzwerker/docker."""

    name = "docker"
    protocol = 6
    types = (RegistryImage, EngineImage, Container)
    arguments: ClassVar = {
        "host",
        "disable_docker_daemon_check",
        "registry_auth.address",
        "registry_auth.username",
        "registry_auth.password",
        "registry_auth.auth_disabled",
        "registry_auth.config_file",
    }

    def __init__(self) -> None:
        self._docker = Docker()

    def used(self) -> Collection[str]:
        """Whether the engine was used."""
        return ENGINE_MODULES & sys.modules.keys()

    def preload(self, used: Collection[str]) -> None:
        """Import what the engine's clients consist of."""
        for name in used:
            importlib.import_module(name)

    def configure(self, config: Values) -> None:
        """Store the configuration. This calls neither the engine nor a registry."""
        logins = (login_of(block) for block in config["registry_auth"])
        self._docker = Docker(config["host"] or None, {login.registry: login for login in logins})

    def context(self, values: Values) -> Docker:
        """The same context for all resources."""
        return self._docker


PROVIDER = DockerProvider()
