"""`python -m terraform_standins.serving.host` keeps the bundled providers running, for any number of runs of Terraform.

Terraform starts a provider several times a run, which is most of what a small change costs. Told by
`TF_REATTACH_PROVIDERS`, it uses the ones that are served here instead (HashiCorp, "Debugging Providers": so the tests
of real providers do). They end with the end of standard input, so none outlives the process that started them.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc

from terraform_standins.protocol.rpc import handlers
from terraform_standins.protocol.servicer import Servicer
from terraform_standins.protocol.sockets import private_folder
from terraform_standins.serving.bundled import PROVIDERS, load
from terraform_standins.serving.mirror import HOSTS, RELEASES

_THREADS = 16


def main() -> None:
    """Serve on sockets, print the value of TF_REATTACH_PROVIDERS, end when standard input does."""
    # An interrupt at the keyboard is for Terraform, which waits for what is under way here.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # TF_REATTACH_PROVIDERS has no place for a certificate: the folder of the sockets is what keeps others out.
    # Beside the deployment's plug-ins where there are any: it goes with the deployment, even if this process is killed.
    plugins = os.environ.get("TF_PLUGIN_CACHE_DIR")
    with private_folder(Path(plugins).parent if plugins else None) as folder:
        addresses = {name: _serve(name, folder / name) for name in PROVIDERS}
        sources = {f"{host}/{r.namespace}/{r.name}": addresses[r.name] for host in HOSTS for r in RELEASES}
        print(json.dumps(sources), flush=True)
        # While Terraform starts; the first request would wait for it.
        importlib.import_module("botocore.session")
        sys.stdin.read()


def _serve(name: str, socket: Path) -> dict[str, Any]:
    """Serve one provider on a socket; returns its entry of TF_REATTACH_PROVIDERS."""
    provider = load(name)
    server = grpc.server(ThreadPoolExecutor(_THREADS))
    server.add_generic_rpc_handlers((handlers(Servicer(provider), provider.protocol),))
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    _servers.append(server)
    return {
        "Protocol": "grpc",
        "ProtocolVersion": provider.protocol,
        "Pid": os.getpid(),
        # Terraform does not end it after a run.
        "Test": True,
        "Addr": {"Network": "unix", "String": str(socket)},
    }


# A server that nobody refers to is stopped.
_servers: list[grpc.Server] = []

if __name__ == "__main__":
    main()
    # Without taking the interpreter apart, which whoever waits for the end waits for too.
    os._exit(0)
