"""Read digests from image registries, and delete manifests.

API: https://distribution.github.io/distribution/spec/api/ ; tokens: .../spec/auth/token/ .
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import json
import re
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from buildkit_client.errors import ManifestNotFound

_SECONDS = 20
_MANIFESTS = (
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.index.v1+json",
)
_DEFAULT = "registry-1.docker.io"


@dataclass(frozen=True)
class Login:
    """The login to a registry; an `address` without a scheme means https."""

    address: str
    username: str = ""
    password: str = ""

    @property
    def registry(self) -> str:
        """The part of an image's name before the first slash."""
        return urlsplit(self.address).netloc if "://" in self.address else self.address.split("/")[0]

    @property
    def url(self) -> str:
        """The registry's URL."""
        return f"{urlsplit(self.address).scheme if '://' in self.address else 'https'}://{self.registry}"


@dataclass(frozen=True)
class Image:
    """The parts of an image's name."""

    registry: str
    repository: str
    tag: str

    @classmethod
    def parse(cls, name: str) -> Image:
        """Parse `localhost:4566/ontra:src-1`. The default registry is Docker Hub, the default tag is `latest`."""
        head, _, rest = name.partition("/")
        with_registry = bool(rest) and ("." in head or ":" in head or head == "localhost")
        registry, path = (head, rest) if with_registry else (_DEFAULT, name)
        repository, _, tag = path.partition(":")
        if registry == _DEFAULT and "/" not in repository:
            repository = f"library/{repository}"
        return cls(registry, repository, tag or "latest")


@dataclass(frozen=True)
class Registry:
    """A registry with a login."""

    login: Login
    insecure: bool = False

    def check(self) -> None:
        """Raises ConnectionError if the registry does not answer."""
        with contextlib.suppress(urllib.error.HTTPError):
            self._send("GET", f"{self.login.url}/v2/", self._basic())

    def digest(self, image: Image) -> str:
        """The digest of a tag's manifest. Raises ManifestNotFound if there is none."""
        headers, body = self._call("GET", f"{image.repository}/manifests/{image.tag}")
        return headers.get("Docker-Content-Digest") or f"sha256:{hashlib.sha256(body).hexdigest()}"

    def delete(self, image: Image, digest: str) -> None:
        """Delete a manifest. Raises ManifestNotFound if there is none."""
        self._call("DELETE", f"{image.repository}/manifests/{digest}")

    def _call(self, method: str, path: str) -> tuple[http.client.HTTPMessage, bytes]:
        try:
            return self._send(method, f"{self.login.url}/v2/{path}", self._basic())
        except urllib.error.HTTPError as error:
            challenge = error.headers.get("WWW-Authenticate", "")
            if error.code != 401 or not challenge.lower().startswith("bearer "):
                raise _bad(error, path) from error
        try:
            return self._send(method, f"{self.login.url}/v2/{path}", f"Bearer {self._token(challenge)}")
        except urllib.error.HTTPError as error:
            raise _bad(error, path) from error

    def _basic(self) -> str:
        pair = f"{self.login.username}:{self.login.password}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}" if self.login.username else ""

    def _token(self, challenge: str) -> str:
        parts = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
        query = urlencode({key: parts[key] for key in ("service", "scope") if key in parts})
        _, body = self._send("GET", f"{parts['realm']}?{query}", self._basic())
        answer = json.loads(body)
        return str(answer.get("token") or answer.get("access_token"))

    def _send(self, method: str, url: str, authorization: str) -> tuple[http.client.HTTPMessage, bytes]:
        headers = {"Accept": ", ".join(_MANIFESTS), **({"Authorization": authorization} if authorization else {})}
        context = None
        if url.startswith("https:"):
            context = ssl.create_default_context()
            if self.insecure:
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        request = urllib.request.Request(url, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS, context=context) as answer:
                return answer.headers, answer.read()
        except urllib.error.HTTPError:
            raise
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise ConnectionError(f"the registry at {self.login.url} does not answer: {reason}") from error


def _bad(error: urllib.error.HTTPError, path: str) -> Exception:
    if error.code == 404:
        return ManifestNotFound(f"{path} is not in the registry")
    return ConnectionError(f"Got bad response from registry: {error.code} {error.reason} ({error.url})")
