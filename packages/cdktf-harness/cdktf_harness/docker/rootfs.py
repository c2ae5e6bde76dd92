"""Root file systems of Debian packages, as one layer of an image."""

from __future__ import annotations

import fnmatch
import io
import re
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cdktf_harness.docker import packages
from cdktf_harness.docker.recipes import Recipe

CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
_PUBLIC_CERTIFICATES = "usr/share/ca-certificates/mozilla/*.crt"
# Files of the machine and of the package manager, and documents other than licences.
_OMITS = (
    "dev/*",
    "etc/hostname",
    "etc/resolv.conf",
    "var/cache/apt",
    "var/lib/apt",
    "usr/share/bug",
    "usr/share/doc/*/[!c]*",
    "usr/share/doc/*/c[!o]*",
    "usr/share/info",
    "usr/share/lintian",
    "usr/share/locale",
    "usr/share/man",
)


def write_layer(recipe: Recipe, architecture: str, host_certificates: bytes, layer: Path) -> None:
    """Write the packages and files of a recipe to the tar file `layer`, with all timestamps 0.

    Packages are unpacked, not configured. Raises CommandFailed if they cannot be fetched.
    """
    with (
        tempfile.TemporaryDirectory(prefix="cdktf-harness-") as folder,
        tarfile.open(layer, "w", format=tarfile.PAX_FORMAT) as out,
    ):
        debs = packages.fetch(recipe.packages, architecture, Path(folder))
        public = _copy(debs, out, (*_OMITS, *recipe.omits))
        _add_file(out, CERTIFICATES, host_certificates if recipe.trusts_host else public)
        _add_extras(out, recipe)


def _copy(debs: Iterable[Path], out: tarfile.TarFile, omits: tuple[str, ...]) -> bytes:
    """Copy the files that are not omitted; return the CA certificates in the packages."""
    omitted = re.compile("|".join(f"{fnmatch.translate(glob)[:-2]}(/.*)?\\Z" for glob in omits), re.S)
    certificates: dict[str, bytes] = {}
    folders: set[str] = set()
    for deb in debs:
        with packages.opened(deb) as files:
            for member in files:
                member.name = member.name.removeprefix("./")
                if omitted.match(member.name) or member.name in folders:
                    continue
                if member.isdir():
                    folders.add(member.name)
                member.mtime = 0
                member.uname = member.gname = ""
                member.pax_headers = {}
                content = files.extractfile(member) if member.isreg() else None
                data = content.read() if content else b""
                if fnmatch.fnmatch(member.name, _PUBLIC_CERTIFICATES):
                    certificates[member.name] = data
                out.addfile(member, io.BytesIO(data))
    return b"".join(certificates[name] for name in sorted(certificates))


def _add_extras(out: tarfile.TarFile, recipe: Recipe) -> None:
    for name, text in recipe.files.items():
        _add_file(out, name, text.encode())
    for name, target in recipe.links.items():
        link = tarfile.TarInfo(name)
        link.type, link.linkname, link.mode = tarfile.SYMTYPE, target, 0o777
        out.addfile(link)
    for name, owner in recipe.folders.items():
        folder = tarfile.TarInfo(name)
        folder.type, folder.mode, folder.uid, folder.gid = tarfile.DIRTYPE, 0o700, owner, owner
        out.addfile(folder)


def _add_file(out: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o644
    out.addfile(entry, io.BytesIO(data))
