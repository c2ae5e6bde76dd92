"""Serve a provider as HashiCorp's go-plugin expects it.

The plugin prints one line, `1|VERSION|unix|SOCKET|grpc|CERTIFICATE`, serves gRPC with that certificate, and exits when
`plugin.GRPCController/Shutdown` is called. Source: github.com/hashicorp/go-plugin, docs/internals.md.

Only this user can reach the socket: its folder is private. go-plugin's client certificate (PLUGIN_CLIENT_CERT) is not
checked: it uses the curve P-521, whose signatures grpcio's BoringSSL rejects (NO_COMMON_SIGNATURE_ALGORITHMS).
"""

from __future__ import annotations

import base64
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import grpc

from .rpc import handlers
from .servicer import Servicer
from .sockets import private_folder
from .tls import PEM, server_certificate

# Terraform's magic cookie. It is not a secret: it shows that Terraform and not a user started the plugin.
COOKIE = ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
# Terraform processes ten resources at a time (-parallelism).
_THREADS = 16
_PARENT_SECONDS = 2


def serve(servicer: Servicer[Any], version: int, tls_folder: Path) -> int:
    """Serve until Terraform calls Shutdown or is killed. `tls_folder` has the certificate. Returns the exit code."""
    if os.environ.get(COOKIE[0]) != COOKIE[1]:
        print("This is a Terraform provider. Terraform starts it; do not run it directly.", file=sys.stderr)
        return 1
    # Ctrl-C reaches every process. Terraform waits for running operations to complete its state, so a provider must
    # not exit before it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ended, terraform = Event(), os.getppid()
    pem = server_certificate(tls_folder)
    server = grpc.server(ThreadPoolExecutor(_THREADS))
    server.add_generic_rpc_handlers((handlers(servicer, version), _controller(ended)))
    with private_folder(tls_folder) as folder:
        socket = folder / "provider"
        server.add_secure_port(f"unix:{socket}", grpc.ssl_server_credentials([(pem.key, pem.certificate)]))
        server.start()
        print(_handshake(version, socket, pem), flush=True)
        # A killed Terraform never calls Shutdown.
        while not ended.wait(_PARENT_SECONDS) and os.getppid() == terraform:
            pass
        server.stop(grace=None).wait()
    return 0


def _handshake(version: int, socket: Path, pem: PEM) -> str:
    body = b"".join(line for line in pem.certificate.splitlines() if not line.startswith(b"-----"))
    der = base64.b64encode(base64.b64decode(body)).rstrip(b"=").decode()
    return f"1|{version}|unix|{socket}|grpc|{der}"


def _controller(ended: Event) -> grpc.GenericRpcHandler:
    def shutdown(_request: bytes, _context: grpc.ServicerContext) -> bytes:
        ended.set()
        return b""

    return grpc.method_handlers_generic_handler(
        "plugin.GRPCController", {"Shutdown": grpc.unary_unary_rpc_method_handler(shutdown)}
    )
