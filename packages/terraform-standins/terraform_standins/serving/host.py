"""`python -m terraform_standins.serving.host` serves the bundled providers for any number of runs of Terraform.

Terraform starts a provider several times per run, which takes most of the time of a small change. With
`TF_REATTACH_PROVIDERS` it uses running ones (HashiCorp, "Debugging Providers"; the tests of real providers do so).

The arguments are file descriptors of sockets; `serving.kept` has the other end. With one, of a connection, this process
is a host: it reads a line, the working directory and the environment in JSON, answers with the value of
TF_REATTACH_PROVIDERS, and exits at the end of the connection, so it does not outlive the process that asked for it.
With two, the second of a listening socket, it is a fork server: a host for each connection is forked from it, without
Python's start and imports, which take half a second. It exits at the end of the first connection.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import grpc

from terraform_standins.protocol import tfplugin_pb2 as pb
from terraform_standins.protocol.rpc import handlers
from terraform_standins.protocol.servicer import Servicer
from terraform_standins.protocol.sockets import private_folder
from terraform_standins.serving.bundled import PROVIDERS, load
from terraform_standins.serving.mirror import HOSTS, RELEASES
from terraform_standins.variables import TYPES

_THREADS = 16


def main(descriptors: list[int]) -> None:
    """Serve until the end of the first connection."""
    # Ctrl-C is for Terraform, which waits for running operations.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection, *listening = (socket.socket(fileno=descriptor) for descriptor in descriptors)
    for listener in listening:
        _fork_hosts(listener, connection)
    if not listening:
        _serve_providers(connection)


def _fork_hosts(listener: socket.socket, until_end_of: socket.socket) -> None:
    # A fork has no other threads; grpc starts some when a server is made.
    importlib.import_module("grpc._server")
    # Their code may change: only the host of an app imports its types.
    os.environ.pop(TYPES, None)
    note = Path(listener.getsockname()).with_name("used")
    loaded = _preload(note)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while listener in select.select([listener, until_end_of], [], [])[0]:
        connection, _ = listener.accept()
        loaded = _preload(note, loaded)
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            for other in (listener, until_end_of):
                other.close()
            _serve_providers(connection)
            _record(note, loaded)
            _exit()
        connection.close()
    # The owner may have been killed; no other process uses the folder.
    with suppress(OSError):
        for path in note.parent.iterdir():
            path.unlink(missing_ok=True)
        note.parent.rmdir()


def _preload(note: Path, loaded: set[str] | None = None) -> set[str]:
    """Load what the hosts before have used, if it is not `loaded`; the models of all services would take a second."""
    used = set(note.read_text().splitlines()) if note.exists() else set()
    if used != loaded:
        for name in PROVIDERS:
            load(name).preload([line.partition(" ")[2] for line in used if line.startswith(f"{name} ")])
            # A quarter of a host's work in a plan without a change.
            _bundled(name).get_schema(pb.Empty())
        # Otherwise each host would scan, and thereby copy, all that was loaded here.
        gc.collect()
        gc.freeze()
    return used


def _record(note: Path, loaded: set[str]) -> None:
    used = {f"{name} {what}" for name in PROVIDERS for what in load(name).used()} - loaded
    # Appended: the hosts of several stacks end at the same time. A fork server that has ended needs no note.
    with suppress(FileNotFoundError), note.open("a") as file:
        file.writelines(f"{line}\n" for line in used)


@cache
def _bundled(name: str) -> Servicer[Any]:
    """A provider without types of an app."""
    return Servicer(load(name))


def _serve_providers(connection: socket.socket) -> None:
    with connection, connection.makefile("rw") as stream:
        request = json.loads(stream.readline())
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["env"])
        tempfile.tempdir = None
        # As a start does: the types of an app may import from there.
        known = {"", *sys.path}
        sys.path[:0] = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path not in known]
        # TF_REATTACH_PROVIDERS cannot contain a certificate: the private folder of the sockets keeps other users out.
        # It is next to the deployment's plug-ins, if any: it is then removed with the deployment, even after a kill.
        plugins = os.environ.get("TF_PLUGIN_CACHE_DIR")
        with private_folder(Path(plugins).parent if plugins else None) as folder:
            addresses = {name: _serve(name, folder / name) for name in PROVIDERS}
            sources = {f"{host}/{r.source}": addresses[r.name] for host in HOSTS for r in RELEASES}
            print(json.dumps(sources), file=stream, flush=True)
            # Import it while Terraform starts; otherwise the first request waits for the import.
            importlib.import_module("botocore.session")
            stream.read()


def _serve(name: str, socket: Path) -> dict[str, Any]:
    """Serve one provider on a socket; returns its entry of TF_REATTACH_PROVIDERS."""
    provider = load(name)
    server = grpc.server(ThreadPoolExecutor(_THREADS))
    servicer = Servicer(provider) if os.environ.get(TYPES) else _bundled(name)
    server.add_generic_rpc_handlers((handlers(servicer, provider.protocol),))
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    _servers.append(server)
    return {
        "Protocol": "grpc",
        "ProtocolVersion": provider.protocol,
        "Pid": os.getpid(),
        # Terraform does not stop the provider after a run.
        "Test": True,
        "Addr": {"Network": "unix", "String": str(socket)},
    }


# grpc stops a server without references.
_servers: list[grpc.Server] = []


def _exit() -> NoReturn:
    # Skip Python's clean-up: the parent process waits for this one to exit.
    os._exit(0)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]])
    _exit()
