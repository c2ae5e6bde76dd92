"""`python -m terraform_standins.serving.host` serves the bundled providers for any number of runs of Terraform.

Terraform starts a provider several times per run, which takes most of the time of a small change. With
`TF_REATTACH_PROVIDERS` it uses running ones (HashiCorp, "Debugging Providers"; the tests of real providers do so).
This process exits at the end of standard input, so it does not outlive the process that started it.
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
    """Serve on sockets, print the value of TF_REATTACH_PROVIDERS, and return at the end of standard input."""
    # Ctrl-C is for Terraform, which waits for running operations.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # TF_REATTACH_PROVIDERS cannot contain a certificate: the private folder of the sockets keeps other users out.
    # Put it next to the deployment's plug-ins, if any: it is then removed with the deployment, even after a kill.
    plugins = os.environ.get("TF_PLUGIN_CACHE_DIR")
    with private_folder(Path(plugins).parent if plugins else None) as folder:
        addresses = {name: _serve(name, folder / name) for name in PROVIDERS}
        sources = {f"{host}/{r.namespace}/{r.name}": addresses[r.name] for host in HOSTS for r in RELEASES}
        print(json.dumps(sources), flush=True)
        # Import it while Terraform starts; otherwise the first request waits for the import.
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
        # Terraform does not stop the provider after a run.
        "Test": True,
        "Addr": {"Network": "unix", "String": str(socket)},
    }


# grpc stops a server without references.
_servers: list[grpc.Server] = []

if __name__ == "__main__":
    main()
    # Skip Python's clean-up: the parent process waits for this one to exit.
    os._exit(0)
