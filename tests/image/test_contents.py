"""The contents of the function's image."""

from __future__ import annotations

import re
import ssl
import tarfile
from pathlib import Path, PurePosixPath

MAX_BYTES = 60_000_000
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.S)


def test_image_is_small(files: tarfile.TarFile) -> None:
    """Unpacked it is at most 60 MB: what Lambda loads at a cold start."""
    assert sum(member.size for member in files if member.isreg()) <= MAX_BYTES


def test_python_is_the_only_program(files: tarfile.TarFile) -> None:
    """No shell for an attacker, no package manager and no emulator, on PATH or elsewhere."""
    folders = {"bin", "sbin", "busybox", "usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin"}
    paths = [PurePosixPath(member.name) for member in files if not member.isdir()]
    programs = {path.name for path in paths if str(path.parent) in folders}
    assert programs == {"python", "python3", "python3.13"}
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


def test_nothing_of_this_machine_is_in_any_file(files: tarfile.TarFile) -> None:
    """The image trusts Debian's certificates only, not a proxy's of the build; it has no resolver and no host name."""
    host = Path(ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt")
    contents = {
        member.name: file.read()
        for member in files
        if member.isreg() and (file := files.extractfile(member)) is not None
    }
    found = {name: set(_CERTIFICATE.findall(content)) for name, content in contents.items()}
    trusted = found["etc/ssl/certs/ca-certificates.crt"]
    packaged = (own for name, own in found.items() if name.startswith("usr/share/ca-certificates/"))
    assert trusted
    assert trusted == set().union(*packaged)
    own = set(_CERTIFICATE.findall(host.read_bytes())) - trusted
    assert [name for name, certificates in found.items() if own & certificates] == []
    # The engine makes these two empty in every container.
    assert contents["etc/resolv.conf"] == contents["etc/hostname"] == b""
