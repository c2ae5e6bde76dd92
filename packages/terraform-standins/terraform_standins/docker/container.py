"""docker_container: a container of the engine. Its ports are published on the loopback only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from ..protocol.base import Resource
from ..protocol.diagnostics import DiagnosticError
from ..protocol.values import Values, is_zero
from .connection import Docker

_LOOPBACK = "127.0.0.1"
# Argument -> the parameter of docker-py's create_container, and of create_host_config.
_CONTAINER = ("command", "entrypoint", "hostname", "user", "working_dir", "domainname")
_HOST = {"memory": "mem_limit", "network_mode": "network_mode", "read_only": "read_only", "rm": "auto_remove"}


class Container(Resource[Docker]):
    """https://registry.terraform.io/providers/kreuzwerker/docker/4.5.0/docs/resources/container"""

    type_name = "docker_container"
    arguments: ClassVar = {
        *("name", "image", "env", "labels", "ports", "restart", "volumes", "must_run", "start", *_CONTAINER, *_HOST),
        *("attach", "logs", "wait", "wait_timeout", "remove_volumes", "container_read_refresh_timeout_milliseconds"),
    }

    def validate(self, config: Values) -> Sequence[str]:
        """Refuse networks in which a port is not on the loopback, or which another container has."""
        mode = config["network_mode"]
        if isinstance(mode, str) and (mode == "host" or mode.startswith("container:")):
            return (f"network_mode {mode!r} is not supported on this machine: name a network of the engine",)
        return ()

    def create(self, docker: Docker, planned: Values) -> Values:
        """Create the container, and start it."""
        from docker.errors import APIError

        engine = docker.engine()
        ports = [(_key(one), one["external"]) for one in planned["ports"] or ()]
        binds = [
            f"{v['host_path'] or v['volume_name']}:{v['container_path']}:{'ro' if v['read_only'] else 'rw'}"
            for v in planned["volumes"] or ()
        ]
        host = engine.create_host_config(
            port_bindings={port: (_LOOPBACK, int(external)) if external else (_LOOPBACK,) for port, external in ports},
            binds=binds,
            restart_policy={"Name": planned["restart"] or "no"},
            **{member: _plain(name, planned[name]) for name, member in _HOST.items() if not is_zero(planned[name])},
        )
        try:
            made = engine.create_container(
                planned["image"],
                name=planned["name"],
                environment=planned["env"] or [],
                labels={one["label"]: one["value"] for one in planned["labels"] or ()},
                ports=[tuple(port.split("/")) for port, _ in ports],
                host_config=host,
                **{name: planned[name] for name in _CONTAINER if not is_zero(planned[name])},
            )
            if planned["start"]:
                engine.start(made["Id"])
        except APIError as error:
            raise DiagnosticError(f"Unable to create container {planned['name']}: {error.explanation}") from error
        return {"id": made["Id"]}

    def read(self, docker: Docker, state: Values) -> Values | None:
        """Ask the engine; a container that ended is one that need not run, so that an update starts it."""
        from docker.errors import NotFound

        try:
            found = docker.engine().inspect_container(state["id"])
        except NotFound:
            return None
        must_run = state["must_run"] and (found["State"]["Running"] or not state["start"])
        return {**self._values(found, state), "must_run": must_run}

    def _values(self, found: Mapping[str, Any], state: Values) -> Values:
        published = found["NetworkSettings"]["Ports"] or {}
        ports = [
            {**one, "external": int(bound[0]["HostPort"]) if (bound := published.get(_key(one))) else one["external"]}
            for one in state["ports"] or ()
        ]
        config = found["Config"]
        same = {"hostname": config["Hostname"], "command": config["Cmd"], "entrypoint": config["Entrypoint"]}
        return {"exit_code": found["State"]["ExitCode"], "ports": ports, **same}

    def update(self, docker: Docker, prior: Values, planned: Values) -> None:
        """Start the container if it must run; the other arguments matter only to a later delete."""
        if planned["must_run"] and planned["start"]:
            docker.engine().start(planned["id"])

    def delete(self, docker: Docker, state: Values) -> None:
        """Remove the container."""
        from docker.errors import NotFound

        with suppress(NotFound):
            docker.engine().remove_container(state["id"], force=True, v=bool(state["remove_volumes"]))

    def import_state(self, docker: Docker, import_id: str) -> Values:
        """Raises DiagnosticError if an import is tried."""
        raise DiagnosticError("the bundled provider does not import docker_container")


def _key(port: Values) -> str:
    return f"{int(port['internal'])}/{port['protocol'] or 'tcp'}"


def _plain(name: str, value: Any) -> Any:
    return f"{int(value)}m" if name == "memory" else value
