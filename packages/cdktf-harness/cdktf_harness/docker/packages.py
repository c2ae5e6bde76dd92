"""Debian packages, fetched and read without root, on a machine of any suite and architecture that has apt.

apt resolves, fetches and verifies them with folders of its own, so nothing on this machine is changed, and dpkg-deb
hands out what is in a package as a tar archive, with the owners that it says. Nothing is mounted, and no program of the
target's architecture runs.

Source: apt.conf(5), sources.list(5), dpkg-deb(1) of Debian 12.
"""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cdktf_harness.docker import machine
from cdktf_harness.docker.recipes import SUITE
from cdktf_harness.project.errors import CommandFailed, HarnessError

_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_TRUSTED = Path("/etc/apt/trusted.gpg.d")
_MIRROR = "http://deb.debian.org"
# This machine's own settings stay where they say how to reach a mirror (proxies, certificates); they go where they are
# about the packages that are installed here.
_SETTINGS = """\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Architecture "{architecture}";
APT::Architectures "{architecture}";
APT::Default-Release "";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::Cache "{folder}/cache";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::Etc::SourceList "{folder}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Trusted "/dev/null";
Dir::Etc::TrustedParts "{folder}/trusted";
Dir::Log "{folder}";
Dir::State "{folder}";
Dir::State::Status "{folder}/status";
"""


def missing() -> str:
    """What this machine lacks to make an image from Debian's packages, as a request to install it; empty if nothing."""
    programs = [name for name in ("apt-get", "dpkg-deb") if not shutil.which(name)]
    if programs:
        return f"install {' and '.join(programs)}"
    return "" if _KEYRING.exists() or any(_TRUSTED.glob("debian-archive-*")) else "install debian-archive-keyring"


def fetch(names: Sequence[str], architecture: str, folder: Path) -> list[Path]:
    """Fetch packages of the suite, and what they depend on, into `folder`; returns the files, sorted by name.

    Errors: `CommandFailed` with the end of apt's output.
    """
    archives = folder / "cache" / "archives"
    for path in (folder / "lists" / "partial", archives / "partial", folder / "trusted"):
        path.mkdir(parents=True)
    (folder / "status").touch()
    (folder / "sources.list").write_text("".join(f"{line}\n" for line in _sources()))
    for key in (_KEYRING, *_TRUSTED.glob("*.asc"), *_TRUSTED.glob("*.gpg")):
        if key.exists():
            (folder / "trusted" / key.name).symlink_to(key)
    settings = folder / "apt.conf"
    settings.write_text(_SETTINGS.format(architecture=architecture, folder=folder))
    apt = ("apt-get", "--quiet", f"--config-file={settings}")
    try:
        machine.run(*apt, "update", "--error-on=any")
        machine.run(*apt, "install", "--yes", "--download-only", *names)
    except CommandFailed as error:
        said = [line for line in error.output.splitlines() if line.startswith("E:")] or [str(error)]
        raise CommandFailed(
            f"Debian {SUITE}'s packages cannot be fetched: {said[0]}; connect to a Debian mirror, or set apt's proxy",
            tail=error.tail,
        ) from error
    return sorted(archives.glob("*.deb"))


@contextmanager
def opened(package: Path) -> Iterator[tarfile.TarFile]:
    """The files of a package, as an archive to be read from its start to its end. Errors: `CommandFailed`."""
    command = ["dpkg-deb", "--fsys-tarfile", str(package)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with tarfile.open(fileobj=process.stdout, mode="r|") as files:
            yield files
        # An archive ends before its padding does: closed at its end, the pipe would break under dpkg-deb.
        while process.stdout.read(1 << 16):
            pass
    if process.returncode:
        raise CommandFailed(f"dpkg-deb could not unpack {package.name}; it says why above")


def _sources() -> list[str]:
    """Return apt's sources of the suite on the Debian mirrors that this machine uses itself, else on Debian's own."""
    question = ("--format=$(REPO_URI)", "Created-By: Packages", "Origin: Debian")
    try:
        mirrors = {uri.rstrip("/") for uri in machine.run("apt-get", "indextargets", *question).split()}
    except HarnessError:
        mirrors = set()
    suites = {"debian": (SUITE, f"{SUITE}-updates"), "debian-security": (f"{SUITE}-security",)}
    pairs = [(mirror, suite) for mirror in sorted(mirrors) for suite in suites.get(mirror.rpartition("/")[2], ())]
    own = [(f"{_MIRROR}/{name}", suite) for name in suites for suite in suites[name]]
    # Nothing but the packages, whatever else this machine's own apt fetches.
    return [f"deb [target=Packages] {mirror} {suite} main" for mirror, suite in pairs or own]
