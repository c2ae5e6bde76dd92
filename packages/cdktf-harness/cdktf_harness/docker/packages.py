"""Debian packages, fetched and read without root, on a machine of any suite and architecture that has apt.

apt resolves, fetches and verifies them in separate folders, so nothing on this machine changes. dpkg-deb writes the
content of a package as a tar archive with owners. Nothing is mounted, and no program of the target architecture runs.

Source: apt.conf(5), sources.list(5), dpkg-deb(1) of Debian 12.
"""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cdktf_harness.docker import host
from cdktf_harness.docker.recipes import SUITE
from cdktf_harness.system.errors import CommandFailed, HarnessError

_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_TRUSTED = Path("/etc/apt/trusted.gpg.d")
_MIRROR = "http://deb.debian.org"
# Keep this machine's settings for access to a mirror (proxies, certificates). Reset those for its installed packages.
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
    """Return an instruction to install what images from Debian packages need; empty if nothing is missing."""
    programs = [name for name in ("apt-get", "dpkg-deb") if not host.has(name)]
    if programs:
        return f"install {' and '.join(programs)}"
    return "" if _KEYRING.exists() or any(_TRUSTED.glob("debian-archive-*")) else "install debian-archive-keyring"


def fetch(names: Sequence[str], architecture: str, folder: Path) -> list[Path]:
    """Fetch packages of the suite and their dependencies into `folder`; return the files, sorted by name.

    Raises CommandFailed if apt fails.
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
        host.run(*apt, "update", "--error-on=any")
        host.run(*apt, "install", "--yes", "--download-only", *names)
    except CommandFailed as error:
        said = [line for line in error.output.splitlines() if line.startswith("E:")] or [str(error)]
        raise CommandFailed(
            f"Debian {SUITE}'s packages cannot be fetched: {said[0]}; connect to a Debian mirror, or set apt's proxy",
            tail=error.tail,
        ) from error
    return sorted(archives.glob("*.deb"))


@contextmanager
def opened(package: Path) -> Iterator[tarfile.TarFile]:
    """Open a package as an archive that must be read sequentially. Raises CommandFailed if dpkg-deb fails."""
    command = ["dpkg-deb", "--fsys-tarfile", str(package)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with tarfile.open(fileobj=process.stdout, mode="r|") as files:
            yield files
        # Read the padding after the archive: dpkg-deb fails if the pipe is closed earlier.
        while process.stdout.read(1 << 16):
            pass
    if process.returncode:
        raise CommandFailed(f"dpkg-deb cannot unpack {package.name}: see its output above")


def _sources() -> list[str]:
    """Return apt sources of the suite on the Debian mirrors of this machine, else on Debian's own."""
    question = ("--format=$(REPO_URI)", "Created-By: Packages", "Origin: Debian")
    try:
        mirrors = {uri.rstrip("/") for uri in host.run("apt-get", "indextargets", *question).split()}
    except HarnessError:
        mirrors = set()
    suites = {"debian": (SUITE, f"{SUITE}-updates"), "debian-security": (f"{SUITE}-security",)}
    pairs = [(mirror, suite) for mirror in sorted(mirrors) for suite in suites.get(mirror.rpartition("/")[2], ())]
    own = [(f"{_MIRROR}/{name}", suite) for name in suites for suite in suites[name]]
    # Fetch only package lists, whatever this machine's own apt fetches.
    return [f"deb [target=Packages] {mirror} {suite} main" for mirror, suite in pairs or own]
