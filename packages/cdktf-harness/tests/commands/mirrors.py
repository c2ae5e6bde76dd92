"""Provider mirrors as users have them (Terraform, "Provider Installation"), with stand-ins in them."""

from __future__ import annotations

import datetime
import io
import ipaddress
import json
import platform
import shlex
import ssl
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from terraform_standins.serving.mirror import write_mirror

_ADDRESS = "registry.terraform.io/hashicorp/aws"
_VERSION = "6.25.0"
_MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
_TARGET = f"{platform.system().lower()}_{_MACHINE}"
_ARCHIVE = f"terraform-provider-aws_{_VERSION}_{_TARGET}.zip"


def filesystem_mirror(folder: Path) -> Path:
    """Make a filesystem mirror; return a configuration that allows no other source of providers."""
    path = folder / "mirror" / _ADDRESS / _ARCHIVE
    path.parent.mkdir(parents=True)
    path.write_bytes(_package(folder))
    return _configuration(folder, f'filesystem_mirror {{ path = "{folder / "mirror"}" }}')


@contextmanager
def network_mirror(folder: Path) -> Iterator[tuple[Path, Path, list[str]]]:
    """A mirror that answers by HTTPS; its configuration, the certificate to trust, and the paths it was asked for."""
    asked: list[str] = []
    answers = {
        f"/{_ADDRESS}/index.json": json.dumps({"versions": {_VERSION: {}}}).encode(),
        f"/{_ADDRESS}/{_VERSION}.json": json.dumps({"archives": {_TARGET: {"url": _ARCHIVE}}}).encode(),
        f"/{_ADDRESS}/{_ARCHIVE}": _package(folder),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            content = answers.get(self.path)
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", "application/zip" if self.path.endswith("zip") else "application/json")
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *args: object) -> None:
            """Suppress the log."""

    certificate = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"https://127.0.0.1:{server.server_port}/"
            yield _configuration(folder, f'network_mirror {{ url = "{url}" }}'), certificate, asked
        finally:
            server.shutdown()
            thread.join()


def _configuration(folder: Path, installation: str) -> Path:
    path = folder / "own.terraformrc"
    path.write_text(f"provider_installation {{\n  {installation}\n}}\n")
    return path


def _package(folder: Path) -> bytes:
    """The zip file of a provider, here the bundled one."""
    write_mirror(folder / "bundled")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        program = zipfile.ZipInfo(f"terraform-provider-aws_v{_VERSION}")
        program.external_attr = 0o100755 << 16
        archive.writestr(program, f"#!/bin/sh\nexec {shlex.quote(str(folder / 'bundled' / 'run'))} aws\n")
    return content.getvalue()


def _certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that is its own authority, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mirror")])
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - day).not_valid_after(now + day)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    path = folder / "mirror.pem"
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(text + certificate.public_bytes(serialization.Encoding.PEM))
    return path
