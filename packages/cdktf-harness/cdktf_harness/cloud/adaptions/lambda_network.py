"""Lambda: functions reach the embedded AWS on the host's loopback.

ministack 1.5.33 must listen on all interfaces to be reached by a function. Here it listens on the loopback only, and
`loopback` forwards connections from the containers. Functions of its Lambda service are replaced for that. Whether a
container can be entered is known when it is started, so the flags for `docker run`, which ministack keeps in a global
variable, are set at each start. This becomes unnecessary when ministack has a setting for it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ministack.services import lambda_svc  # type: ignore[import-untyped]

from cdktf_harness.cloud import handover, loopback
from cdktf_harness.cloud.loopback import Loopbacks
from cdktf_harness.project import environment

if TYPE_CHECKING:
    from docker.models.containers import Container


def install(port: int) -> None:
    """Let the functions of this cloud, which listens on `port`, reach it."""
    spawn, kill, runs, flags = (
        lambda_svc._spawn_lambda_container,
        lambda_svc._kill_pool_entry,
        lambda_svc._is_container_running,
        lambda_svc.LAMBDA_DOCKER_FLAGS,
    )
    loopbacks = Loopbacks(port)

    def spawn_within_reach(*arguments: Any, **options: Any) -> tuple[Container, Any]:
        client = lambda_svc._get_docker_client()
        listen = handover.way(client) if client is not None and port not in loopback.EMULATOR_PORTS else None
        lambda_svc.LAMBDA_DOCKER_FLAGS = flags + loopback.FLAGS if listen else flags
        # The proxies of Docker's configuration, which the client gives to each container.
        if client is not None and (proxies := client.api._proxy_configs).get_environment():
            proxies["no_proxy"] = environment.past_proxies(proxies.no_proxy)
        container, folder = spawn(*arguments, **options)
        if listen:
            try:
                loopbacks.open(container, listen)
            except OSError as error:
                # If the container has ended already, the request fails with the reason.
                print(f"the function cannot reach the cloud: {error}", flush=True)
        return container, folder

    def kill_and_leave(entry: dict[str, Any]) -> None:
        kill(entry)
        loopbacks.close(entry["container"])

    def runs_or_leave(container: Container) -> bool:
        if runs(container):
            return True
        # Late: a cloud without functions needs no client of the engine, whose import takes half of the cloud's start.
        from docker.errors import DockerException
        from requests.exceptions import RequestException

        # ministack drops a container that has ended by itself or with the engine. Its network would stay while a socket
        # listens in it, with an address that the engine gives to the next container.
        loopbacks.close(container)
        with suppress(DockerException, RequestException):
            container.remove(force=True, v=True)
        return False

    lambda_svc._spawn_lambda_container = spawn_within_reach
    lambda_svc._kill_pool_entry = kill_and_leave
    lambda_svc._is_container_running = runs_or_leave
