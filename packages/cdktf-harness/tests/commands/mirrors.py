"""A provider mirror (Terraform, "Provider Installation") that contains the stand-ins."""

from __future__ import annotations

import io
import json
import platform
import shlex
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from http_server import Request, Response, serving

from buildkit_client.platforms import architecture
from terraform_standins.protocol import tls
from terraform_standins.serving.mirror import write_mirror
from terraform_standins.serving.releases import RELEASES, Release

_HOST = "registry.terraform.io"
_TARGET = f"{platform.system().lower()}_{architecture(platform.machine())}"


@contextmanager
def network_mirror(folder: Path) -> Iterator[tuple[Path, Path, list[str]]]:
    """A mirror over HTTPS; yield its configuration, the certificate to trust, and the requested paths."""
    asked: list[str] = []
    answers = {}
    write_mirror(folder / "bundled")
    for release in RELEASES:
        at = f"/{_HOST}/{release.source}"
        name = f"terraform-provider-{release.name}_{release.version}_{_TARGET}.zip"
        answers[f"{at}/index.json"] = json.dumps({"versions": {release.version: {}}}).encode()
        answers[f"{at}/{release.version}.json"] = json.dumps({"archives": {_TARGET: {"url": name}}}).encode()
        answers[f"{at}/{name}"] = _package(folder, release)

    def respond(request: Request) -> Response:
        asked.append(request.path)
        content = answers.get(request.path)
        kind = "application/zip" if request.path.endswith("zip") else "application/json"
        return Response(content or b"", 200 if content else 404, {"Content-Type": kind})

    certificate = folder / "mirror.pem"
    certificate.write_bytes(b"".join(tls.create()))
    with serving(respond, certificate) as port:
        configuration = folder / "own.terraformrc"
        installation = f'network_mirror {{ url = "https://localhost:{port}/" }}'
        configuration.write_text(f"provider_installation {{\n  {installation}\n}}\n")
        yield configuration, certificate, asked


def _package(folder: Path, release: Release) -> bytes:
    """The zip file of a provider, here the bundled one."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        program = zipfile.ZipInfo(f"terraform-provider-{release.name}_v{release.version}")
        program.external_attr = 0o100755 << 16
        archive.writestr(program, f"#!/bin/sh\nexec {shlex.quote(str(folder / 'bundled' / 'run'))} {release.name}\n")
    return content.getvalue()
