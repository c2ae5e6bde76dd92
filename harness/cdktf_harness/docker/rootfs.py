"""Root file systems from Debian's packages, written as one layer of an image."""

from __future__ import annotations

import fnmatch
import io
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import IO

from cdktf_harness.docker import machine
from cdktf_harness.docker.recipes import SUITE, Recipe
from cdktf_harness.errors import CommandFailed, HarnessError

CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
_PUBLIC_CERTIFICATES = "usr/share/ca-certificates/mozilla/*.crt"
# What is the machine's or the package manager's and not a program's, and documents other than licences.
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
    """Write the packages and files of a recipe to the tar file `layer`, every time-stamp 0.

    Packages are unpacked, not configured (`mmdebstrap --variant=extract`), so no program of the target
    architecture runs. Errors: `HarnessError` when mmdebstrap cannot be had, `CommandFailed` when it fails.
    """
    command = (
        "mmdebstrap",
        "--variant=extract",
        f"--architectures={architecture}",
        f"--include={','.join(recipe.packages)}",
        "--format=tar",
        SUITE,
        "-",
        *_sources(),
    )
    with tempfile.TemporaryFile() as errors:
        # In a session of its own: when it breaks off, it sends SIGHUP to its whole process group.
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
        assert process.stdout is not None
        try:
            with tarfile.open(layer, "w", format=tarfile.PAX_FORMAT) as out:
                public = _copy(process.stdout, out, (*_OMITS, *recipe.omits))
                _add_file(out, CERTIFICATES, host_certificates if recipe.trusts_host else public)
                _add_extras(out, recipe)
        except tarfile.ReadError:
            pass  # mmdebstrap broke off; its exit code and its output say why
        finally:
            # An archive ends before its padding does: closed at its end, the pipe would break under mmdebstrap.
            while process.stdout.read(1 << 16):
                pass
            process.stdout.close()
            code = process.wait()
        if code:
            errors.seek(0)
            tail = errors.read().decode(errors="replace")[-4000:]
            raise CommandFailed(f"mmdebstrap could not make an image from Debian {SUITE}", tail=tail)


def _copy(source: IO[bytes], out: tarfile.TarFile, omits: tuple[str, ...]) -> bytes:
    """Copy what is not omitted, and return the CA certificates that the packages bring."""
    omitted = re.compile("|".join(f"{fnmatch.translate(glob)[:-2]}(/.*)?\\Z" for glob in omits), re.S)
    certificates: dict[str, bytes] = {}
    with tarfile.open(fileobj=source, mode="r|") as packages:
        for member in packages:
            member.name = member.name.removeprefix("./")
            if omitted.match(member.name):
                continue
            member.mtime = 0
            member.uname = member.gname = ""
            member.pax_headers = {}
            content = packages.extractfile(member) if member.isreg() else None
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


def _sources() -> list[str]:
    """Return apt's sources of the suite on the Debian mirrors that this machine uses itself.

    Where it uses none, nothing: mmdebstrap then takes Debian's own, with the security updates.
    """
    question = ("--format=$(REPO_URI)", "Created-By: Packages", "Origin: Debian")
    try:
        mirrors = {uri.rstrip("/") for uri in machine.run("apt-get", "indextargets", *question).split()}
    except HarnessError:
        return []
    suites = {"debian": (SUITE, f"{SUITE}-updates"), "debian-security": (f"{SUITE}-security",)}
    pairs = ((mirror, suite) for mirror in sorted(mirrors) for suite in suites.get(mirror.rpartition("/")[2], ()))
    return [f"deb {mirror} {suite} main" for mirror, suite in pairs]
