"""Serve a provider the way HashiCorp's go-plugin expects it.

The plugin prints one line, `1|VERSION|unix|SOCKET|grpc|CERTIFICATE`, serves gRPC under that certificate and
ends when `plugin.GRPCController/Shutdown` is called. Source: github.com/hashicorp/go-plugin,
docs/internals.md.

Nobody but this user reaches the socket: its folder is closed to all others. The other guard of go-plugin, a client
certificate (PLUGIN_CLIENT_CERT), is one on the curve P-521, whose signatures the TLS of grpcio, BoringSSL, does not
take (NO_COMMON_SIGNATURE_ALGORITHMS).
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

# Terraform's magic cookie: not a secret, it tells a person who runs a plugin by hand from Terraform.
COOKIE = ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
# Terraform works on ten resources at a time (-parallelism).
_THREADS = 16
_PARENT_SECONDS = 2


def serve(servicer: Servicer[Any], version: int, tls_folder: Path | None) -> int:
    """Serve until Terraform says to end; `tls_folder` keeps the certificate. Returns an exit code."""
    if os.environ.get(COOKIE[0]) != COOKIE[1]:
        print("This is a Terraform provider: Terraform starts it, it is of no use by itself.", file=sys.stderr)
        return 1
    # An interrupt at the keyboard reaches every process. Terraform waits for what is under way, so that its state is
    # whole; a provider must not end before.
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
        # Terraform that was killed says no word of farewell.
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
