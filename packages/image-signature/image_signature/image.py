"""The name of an image: registry, repository and digest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from image_signature.errors import SignatureError

_HOST = r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
_NAME = re.compile(rf"({_HOST})/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)@(sha256:[0-9a-f]{{64}})")
# The domains of AWS in which ECR has registries, and that of the same registry with IPv6.
_DOMAINS = {
    "amazonaws.com": "on.aws",
    "amazonaws.com.cn": "on.amazonwebservices.com.cn",
    "amazonaws.eu": "on.amazonwebservices.eu",
    "c2s.ic.gov": "",
    "sc2s.sgov.gov": "",
    "cloud.adc-e.uk": "",
    "csp.hci.ic.gov": "",
}
_ALIKE = {dual: domain for domain, dual in _DOMAINS.items() if dual}
_ECR = re.compile(
    rf"([0-9]{{12}})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.({'|'.join(map(re.escape, (*_DOMAINS, *_ALIKE)))})"
)
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_PORTS = {"http": 80, "https": 443}


def origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of a URL of HTTP; None for anything else, and for one with a user."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    if not parts.hostname or parts.username is not None or parts.scheme not in _PORTS:
        return None
    return parts.scheme, parts.hostname, port


def ecr_registry(host: str) -> tuple[str, str, str] | None:
    """Account, region and domain of a registry of ECR, the same for all of its names; None for another host."""
    found = _ECR.fullmatch(host)
    return (found[1], found[2], _ALIKE.get(found[3], found[3])) if found else None


@dataclass(frozen=True)
class Image:
    """`registry` is host and port; `repository` is a name in it."""

    registry: str
    repository: str
    digest: str

    @classmethod
    def parse(cls, name: str) -> Image:
        """Read `REGISTRY/REPOSITORY@sha256:...`. Raises SignatureError."""
        if (found := _NAME.fullmatch(name)) and origin(f"https://{found[1]}"):
            return cls(*found.groups())
        raise SignatureError(f"{name!r} is not an image with a digest: name it as REGISTRY/REPOSITORY@sha256:...")

    @property
    def name(self) -> str:
        """The name without the digest."""
        return f"{self.registry}/{self.repository}"

    @property
    def tag(self) -> str:
        """The tag under which cosign looks for signatures (cosign's SIGNATURE_SPEC.md, "Tag-based discovery")."""
        return f"{self.digest.replace(':', '-')}.sig"

    @property
    def url(self) -> str:
        """The address of the repository in the registry's API. Without TLS on this machine only, as Docker has it."""
        scheme = "http" if urlsplit(f"//{self.registry}").hostname in _THIS_MACHINE else "https"
        return f"{scheme}://{self.registry}/v2/{self.repository}"

    def is_at(self, url: str) -> bool:
        """Whether the registry is that of a URL: the same host and port, or the same registry of ECR."""
        own, other = origin(self.url), origin(url)
        if own is None or other is None or own[2] != other[2]:
            return False
        ecr = ecr_registry(own[1])
        return own[1] == other[1] or (ecr is not None and ecr == ecr_registry(other[1]))
