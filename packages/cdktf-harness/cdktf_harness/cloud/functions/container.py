"""A container that runs a function: an execution environment, in Lambda's words.

It runs the image as Lambda does: with a Runtime API that the embedded cloud serves on the container's own loopback. An
image with the runtime interface emulator in its entry point needs none of it here, since that emulates this API.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import uuid4

from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.functions import network
from cdktf_harness.cloud.functions.forwarder import Forwarder
from cdktf_harness.cloud.functions.network import Network
from cdktf_harness.cloud.functions.options import StartFailed, engine_error, options
from cdktf_harness.cloud.functions.output import Output
from cdktf_harness.cloud.functions.runtime_api import InitFailed, RuntimeApi, RuntimeEnded
from terraform_standins.waiting import poll

if TYPE_CHECKING:
    from docker import DockerClient

# A start that uses no processor time for so long does nothing; one that uses so much does not come to an end.
IDLE_SECONDS, START_CPU_SECONDS = 30, 120
_LOOK_SECONDS, _LEAST_PROGRESS = 2, 0.001
_NOTED_SECONDS = 10
_MB = 1 << 20
_IN_CGROUP = {"memory": ("memory", "memory.max_usage_in_bytes"), "": ("", "memory.peak")}


class FunctionContainer:
    """A container of a function's version, with its network. `ready` must return before requests are sent to `api`."""

    def __init__(self, config: dict[str, Any], code: bytes | None, debug: Any) -> None:
        self._config, self._code, self._debug = config, code, debug
        self._network: Network | None = None
        self._closings: list[Any] = []
        self.ended = threading.Event()
        self.used_at = time.monotonic()
        self.stale = self.served = False
        self.init_seconds = 0.0
        self.failure: Exception | None = None
        self.error: dict[str, str] = {}
        """The error of all requests to a container that does not exist."""
        self.output = Output(config, self._on_end)

    def start(self, forwarder: Forwarder) -> None:
        """Start it and wait until it is ready, or keep the failure: as `error`, or for `ready`, which raises it."""
        try:
            if not (client := service._get_docker_client()):
                raise ConnectionError("nothing listens on its socket")
            self._create(client, forwarder)
        except StartFailed as failed:
            self.error = failed.error
        except Exception as error:  # what the engine's client and its connection raise is of many types
            self.error = engine_error(error)
        if self.error:
            self.remove()
            return
        began = time.monotonic()
        try:
            self.ready()
        except Exception as failure:  # its request waits for any
            self.failure = failure
        self.init_seconds = time.monotonic() - began

    @property
    def failed(self) -> bool:
        """Whether its start failed."""
        return bool(self.error or self.failure)

    def _create(self, client: DockerClient, forwarder: Forwarder) -> None:
        host, address = self._connect(client, forwarder)
        given = options(client, self._config, self._code, self._debug)
        given["environment"] |= {
            "AWS_LAMBDA_RUNTIME_API": address,
            "AWS_LAMBDA_LOG_GROUP_NAME": self.output.group,
            "AWS_LAMBDA_LOG_STREAM_NAME": self.output.stream,
        }
        if host:
            given["extra_hosts"] = dict.fromkeys((host, network.CLOUD_NAME), "host-gateway")
        elif self._network:
            given["network_mode"] = self._network.mode
        self._container = client.containers.create(**given)
        self._closings.append(lambda: self._container.remove(force=True, v=True))
        self.output.follow(self._container)
        self._container.start()

    def _connect(self, client: DockerClient, forwarder: Forwarder) -> tuple[str, str]:
        """Listen for the runtime, and forward to the cloud; return what to take for the host, and the address."""
        if network.can_share_network(client):
            ports = [9001 if forwarder.port != 9001 else 9002, forwarder.port]
            self._network = Network(client, service.container_reaper.own_labels("lambda-network"), ports)
            runtime, cloud = self._network.listeners
            self._closings += [self._network.close, forwarder.forward(cloud)]
            host, address = "", f"{network.HOST}:{ports[0]}"
        else:
            # Docker Desktop: the container reaches this machine's loopback, and so do others. A name that only the
            # container knows keeps all others out.
            runtime = socket.create_server((network.HOST, 0))
            host = uuid4().hex
            address = f"{host}:{runtime.getsockname()[1]}"
        self.api = RuntimeApi(runtime, address if host else "")
        self._closings.append(self.api.close)
        return host, address

    def ready(self) -> None:
        """Wait until the runtime asks for an event, as long as the start makes progress.

        Raises TimeoutError, RuntimeEnded or InitFailed.
        """
        if self.failure:
            raise self.failure
        began = progressed = time.monotonic()
        used = 0.0
        while True:
            try:
                return self.api.wait(time.monotonic() + _LOOK_SECONDS)
            except TimeoutError:
                if self._debug:
                    continue
            now, before, used = time.monotonic(), used, self._processor_seconds()
            if used - before > _LEAST_PROGRESS:
                progressed = now
            if now - progressed > IDLE_SECONDS or used > START_CPU_SECONDS:
                raise TimeoutError(
                    f"the function is not ready after {now - began:.0f} seconds, {used:.0f} of them of processor time"
                )

    def ready_again(self) -> bool:
        """Wait as `ready` does; return False where that raises, and let the container be removed."""
        with suppress(TimeoutError, RuntimeEnded, InitFailed):
            self.ready()
            return True
        self.stale = True
        return False

    def exit(self, request_id: str) -> dict[str, str]:
        """Return the error of Lambda for a container that has ended."""
        from docker.errors import NotFound

        state: dict[str, Any] = {}
        try:
            # The output ends before the engine has noted how the container ended.
            state = poll(self._state, _NOTED_SECONDS, until=lambda state: not state["Running"])
        except NotFound:
            pass
        except Exception as error:  # what the engine's client and its connection raise is of many types
            return engine_error(error)
        code = state.get("ExitCode", 137)
        how = "without providing a reason" if code == 0 else f"with error: exit status {code}"
        if code == 137:
            how = "with error: signal: killed"
        kind = "Runtime.OutOfMemory" if state.get("OOMKilled") else "Runtime.ExitError"
        return {"errorType": kind, "errorMessage": f"RequestId: {request_id} Error: Runtime exited {how}"}

    def _state(self) -> dict[str, Any]:
        self._container.reload()
        state: dict[str, Any] = self._container.attrs["State"]
        return state

    def peak_mb(self, default: int) -> int:
        """Return the most memory that the container has used, in MB; `default` if that is not known any more."""
        with suppress(Exception):
            if not hasattr(self, "_peak_file"):
                self._peak_file = self._in_cgroup()
            if self._peak_file:
                return int(os.pread(self._peak_file.fileno(), 32, 0)) // _MB
            found = self._statistics()["memory_stats"]
            return int(found.get("max_usage") or found["usage"]) // _MB
        return default

    def remove(self) -> None:
        """Remove the container and what belongs to it."""
        # It says how much memory was used, which is not known afterwards.
        self.output.wait_for_end()
        while self._closings:
            with suppress(Exception):
                self._closings.pop()()
        # Then the engine delivers the rest, and the end.
        self.output.close()

    def _on_end(self) -> None:
        self.ended.set()
        self.api.end()

    def _statistics(self) -> Any:
        found: Any = self._container.stats(stream=False, one_shot=True)
        return found

    def _processor_seconds(self) -> float:
        with suppress(Exception):
            return float(self._statistics()["cpu_stats"]["cpu_usage"]["total_usage"]) / 1e9
        return 0.0

    def _in_cgroup(self) -> BinaryIO | None:
        """Open the file with the most memory that was used; None if the engine's cgroups are not visible here."""
        self._container.reload()
        for line in Path(f"/proc/{self._container.attrs['State']['Pid']}/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers in _IN_CGROUP and str(self._container.id) in path:
                folder, name = _IN_CGROUP[controllers]
                file = Path("/sys/fs/cgroup", folder, path.lstrip("/"), name)
                if file.exists():
                    opened = file.open("rb")
                    self._closings.append(opened.close)
                    return opened
        return None
