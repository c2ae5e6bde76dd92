"""Find the running Docker engine: that of `DOCKER_HOST`, else of the current Docker context."""

from __future__ import annotations

import functools
import os
import shutil
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from buildkit_client.errors import EngineError
from buildkit_client.platforms import architecture

if TYPE_CHECKING:
    from docker import DockerClient

DEFAULT_HOST = "unix:///var/run/docker.sock"
"""The default address of an engine on this machine, in the form of `DOCKER_HOST`."""
# A busy machine gives the engine its time late.
_ANSWER_SECONDS = 30
_WORK_SECONDS = 600


@dataclass(frozen=True)
class Engine:
    """A Docker engine that answers."""

    client: DockerClient
    host: str
    """Its address, in the form of `DOCKER_HOST`."""

    @functools.cached_property
    def info(self) -> dict[str, Any]:
        """The engine's system information (`GET /info`)."""
        return dict(self.client.info())

    @property
    def architecture(self) -> str:
        """The architecture that runs without emulation, in the form of image manifests: `amd64`, `arm64`."""
        return architecture(self.info["Architecture"])


def find_engine() -> Engine:
    """The running engine. Raises EngineError if none answers; its text says what to do."""
    # Import it here because it takes 0.2 s.
    import docker
    from docker.errors import DockerException, TLSParameterError

    host = wanted_host()
    try:
        _knock(host)
        client = docker.from_env(timeout=_ANSWER_SECONDS)
        client.ping()
    except PermissionError as error:
        raise EngineError(
            f"The Docker engine at {host} refuses this user; run as root or join the group docker"
        ) from error
    except (TLSParameterError, ValueError) as error:
        raise EngineError(
            f"The configuration of the docker command is not usable ({error}): fix it, or unset its variables DOCKER_*"
        ) from error
    except (DockerException, OSError) as error:
        raise _away(host) from error
    client.api.timeout = _WORK_SECONDS
    return Engine(client, host)


def wanted_host() -> str:
    """The address of the user's engine: `DOCKER_HOST`, else the current Docker context, else the default.

    Raises EngineError if there is no such context.
    """
    from docker.context import ContextAPI

    if host := os.environ.get("DOCKER_HOST"):
        return host
    name = os.environ.get("DOCKER_CONTEXT")
    if name and not ContextAPI.get_context(name):
        # docker-py takes the default engine then.
        raise EngineError(f"DOCKER_CONTEXT={name}: there is no such context; `docker context ls` prints them")
    return ContextAPI.kwargs_from_context().get("base_url") or DEFAULT_HOST


def _knock(host: str) -> None:
    """Connect to a Unix socket, for the reason of a failure: docker-py has it only in the text of its exception.

    Raises OSError if the connection fails.
    """
    if host.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as knock:
            knock.connect(host.removeprefix("unix://"))


def _away(host: str) -> EngineError:
    if os.environ.get("DOCKER_HOST"):
        return EngineError(f"No Docker engine answers at DOCKER_HOST={host}; start it, or unset DOCKER_HOST")
    if host != DEFAULT_HOST:
        return EngineError(
            f"No Docker engine answers at {host}, the current Docker context; start it or change the context"
        )
    if shutil.which("dockerd"):
        return EngineError("The Docker engine is not running; start it (sudo systemctl start docker)", missing=True)
    return EngineError("No Docker engine; install it (https://docs.docker.com/engine/install)", missing=True)
