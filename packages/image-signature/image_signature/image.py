"""The name of an image: registry, repository and digest."""

from __future__ import annotations

import re
from dataclasses import dataclass

from image_signature.errors import SignatureError

_NAME = re.compile(r"([^/@\s]+)/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)@(sha256:[0-9a-f]{64})")
_ECR = re.compile(r"\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.")
_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Image:
    """`registry` is host and port; `repository` is a name in it."""

    registry: str
    repository: str
    digest: str

    @classmethod
    def parse(cls, name: str) -> Image:
        """Read `REGISTRY/REPOSITORY@sha256:...`. Raises SignatureError."""
        if found := _NAME.fullmatch(name):
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
    def region(self) -> str:
        """The region of a registry of ECR; empty for another one."""
        found = _ECR.match(self.registry)
        return found[1] if found else ""

    @property
    def url(self) -> str:
        """The address of the repository in the registry's API. Without TLS on this machine only, as Docker has it."""
        host = self.registry.rpartition(":")[0] or self.registry
        scheme = "http" if host in _THIS_MACHINE else "https"
        return f"{scheme}://{self.registry}/v2/{self.repository}"
