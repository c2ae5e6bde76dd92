"""The contents of base images that are built from Debian packages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

SUITE = "trixie"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One base image: Debian packages and changes to their contents.

    `native` images are for the architecture of the engine, whatever the target. `trusts_host` images contain this
    machine's CA bundle, so that a build in them trusts the same servers as the machine.
    """

    stands_for: str
    packages: tuple[str, ...]
    native: bool = False
    trusts_host: bool = False
    omits: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, int] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str = "0"
    working_folder: str = "/"
    entrypoint: tuple[str, ...] = ()

    def digest(self, *inputs: bytes) -> str:
        """Return a hash of everything that determines the contents of the image."""
        parts = [repr(asdict(self)).encode(), SUITE.encode(), *inputs]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()[:32]


# Packages and users of distroless `base`, `cc` and `python3` for Debian 13, from
# https://github.com/GoogleContainerTools/distroless (private/repos/deb/trixie.yaml, common/BUILD.bazel).
_DISTROLESS = """
    base-files ca-certificates gcc-14-base libbz2-1.0 libc-bin libc6 libcom-err2 libcrypt1 libdb5.3t64
    libexpat1 libffi8 libgcc-s1 libgomp1 libgssapi-krb5-2 libk5crypto3 libkeyutils1 libkrb5-3 libkrb5support0
    liblzma5 libncursesw6 libnsl2 libpython3.13-minimal libpython3.13-stdlib libreadline8t64 libsqlite3-0
    libssl3t64 libstdc++6 libtinfo6 libtirpc3t64 libuuid1 libzstd1 media-types netbase python3.13-minimal
    python3.13-venv tzdata zlib1g
"""
_USERS = {
    "etc/passwd": (
        "root:x:0:0:root:/root:/sbin/nologin\n"
        "nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n"
        "nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n"
    ),
    "etc/group": "root:x:0:\nnobody:x:65534:\ntty:x:5:\nstaff:x:50:\nnonroot:x:65532:\n",
}
# Files from Debian's dependencies that distroless images do not have.
_NOT_DISTROLESS = (
    "etc/apt",
    "etc/debconf.conf",
    "usr/bin/debconf*",
    "usr/bin/mawk",
    "usr/bin/openssl",
    "usr/bin/c_rehash",
    "usr/sbin/dpkg-*",
    "usr/share/debconf",
    "usr/share/perl5",
)

RECIPES: Mapping[str, Recipe] = {
    "python-build": Recipe(
        stands_for="docker.io/library/python:3.13-slim",
        packages=("base-files", "coreutils", "dash", "findutils", "python3", "python3-pip"),
        native=True,
        trusts_host=True,
        files=_USERS,
        environment={
            "PATH": _PATH,
            "LANG": "C.UTF-8",
            "SSL_CERT_FILE": _CERTIFICATES,
            "PIP_CERT": _CERTIFICATES,
            # Debian marks its interpreter as managed by apt; let pip install into it in a build stage.
            "PIP_BREAK_SYSTEM_PACKAGES": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_ROOT_USER_ACTION": "ignore",
        },
    ),
    "python-distroless": Recipe(
        stands_for="gcr.io/distroless/python3-debian13:nonroot",
        packages=tuple(_DISTROLESS.split()),
        omits=_NOT_DISTROLESS,
        files={**_USERS, "etc/nsswitch.conf": "hosts: files dns\n"},
        links={"usr/bin/python": "python3.13", "usr/bin/python3": "python3.13"},
        folders={"home/nonroot": 65532},
        environment={"PATH": _PATH, "SSL_CERT_FILE": _CERTIFICATES, "LANG": "C.UTF-8"},
        user="65532",
        working_folder="/home/nonroot",
        entrypoint=("/usr/bin/python3.13",),
    ),
}
