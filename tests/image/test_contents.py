"""The contents of the function's image."""

from __future__ import annotations

import re
import ssl
import tarfile
from pathlib import Path, PurePosixPath

import pytest
from docker import DockerClient
from docker.errors import APIError

from image.containers import ARCHITECTURE, created

MAX_BYTES = 60_000_000
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.S)


def test_architecture_is_the_one_that_ships(client: DockerClient, function_image: str) -> None:
    """Lambda refuses an image whose architecture is not the function's."""
    attributes = client.images.get(function_image).attrs
    assert (attributes["Os"], attributes["Architecture"]) == ("linux", ARCHITECTURE)


def test_image_is_small(files: tarfile.TarFile) -> None:
    """Unpacked it is at most 60 MB: what Lambda loads at a cold start."""
    assert sum(member.size for member in files if member.isreg()) <= MAX_BYTES


@pytest.mark.parametrize("shell", ["/bin/sh", "/bin/bash", "/busybox/sh", "/usr/bin/dash"])
def test_no_shell_can_be_started(client: DockerClient, function_image: str, shell: str) -> None:
    """An attacker in the function finds no shell."""
    with (
        created(client, function_image, entrypoint=[shell], command=["-c", "true"], network_mode="none") as container,
        pytest.raises(APIError, match="no such file or directory"),
    ):
        container.start()


def test_python_is_the_only_program(files: tarfile.TarFile) -> None:
    """Nothing else can be executed from PATH: no package manager, no emulator, no script that wants a shell."""
    folders = {"bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin"}
    paths = [PurePosixPath(member.name) for member in files if not member.isdir()]
    programs = {path.name for path in paths if str(path.parent) in folders}
    assert programs == {"python", "python3", "python3.13"}


def test_no_emulator_and_no_pip(files: tarfile.TarFile) -> None:
    """Neither is in any other place either."""
    forbidden = re.compile(r"(^|/)(aws-lambda-rie.*|pip|pip-.*|setuptools.*|ensurepip|samcli)(/|$)")
    assert [member.name for member in files if forbidden.search(member.name)] == []


def test_bytecode_is_there_for_every_module(files: tarfile.TarFile) -> None:
    """A start compiles nothing: on a read-only file system it would do so every time (5 s under emulation)."""
    names = set(files.getnames())
    modules = (PurePosixPath(name) for name in names if re.match(r"(usr/lib/python3\.13|var/task)/.+\.py$", name))
    missing = [
        str(module)
        for module in modules
        if str(module.parent / "__pycache__" / f"{module.stem}.cpython-313.pyc") not in names
    ]
    assert missing == []


def test_no_certificate_is_this_machines(files: tarfile.TarFile) -> None:
    """The CA bundle that a build needs behind a proxy stays in the build stage: the image trusts Debian's list."""
    bundle = files.extractfile("etc/ssl/certs/ca-certificates.crt")
    assert bundle
    trusted = set(_CERTIFICATE.findall(bundle.read()))
    packaged = {
        certificate
        for member in files
        if member.isreg() and member.name.startswith("usr/share/ca-certificates/")
        if (content := files.extractfile(member))
        for certificate in _CERTIFICATE.findall(content.read())
    }
    assert trusted
    assert trusted == packaged


def test_nothing_of_this_machine_is_in_any_file(files: tarfile.TarFile) -> None:
    """No file holds a certificate that only this machine trusts, nor its resolver or host name."""
    host = Path(ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt")
    bundle = files.extractfile("etc/ssl/certs/ca-certificates.crt")
    assert bundle
    own = set(_CERTIFICATE.findall(host.read_bytes())) - set(_CERTIFICATE.findall(bundle.read()))
    for member in files:
        content = files.extractfile(member) if member.isreg() else None
        data = content.read() if content else b""
        assert not (own & set(_CERTIFICATE.findall(data))), member.name
    # The engine makes these two empty in every container.
    assert files.getmember("etc/resolv.conf").size == files.getmember("etc/hostname").size == 0
