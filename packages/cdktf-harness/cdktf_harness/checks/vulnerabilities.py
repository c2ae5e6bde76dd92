"""Known vulnerabilities of the components in an SBOM, as OSV (https://osv.dev) has them: Debian's and Python's.

Debian's are those of source packages, by the release (https://google.github.io/osv.dev/api/).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cdktf_harness.project.errors import HarnessError
from cdktf_harness.project.http import send

_SECONDS = 30.0
# What one request may ask.
_BATCH = 1000


@dataclass(frozen=True)
class Package:
    """What OSV knows vulnerabilities of: a Python distribution, or a source package of a release of Debian."""

    ecosystem: str
    name: str
    version: str


@dataclass(frozen=True)
class Vulnerability:
    """`id` is OSV's, such as "DSA-6000-1"; `fixed` is the first version without it, empty if there is none."""

    package: Package
    id: str
    summary: str
    fixed: str

    def __str__(self) -> str:
        what = f"{self.package.name} {self.package.version}: {self.id} {self.summary}".strip()
        do = f"update it to {self.fixed}" if self.fixed else "no fixed version is known"
        return f"{what}; {do}, see https://osv.dev/{self.id}"


def find(sbom: Mapping[str, Any], service: str) -> list[Vulnerability]:
    """Return the known vulnerabilities of the components. Raises HarnessError if OSV does not answer."""
    packages = sorted(
        {package for component in sbom.get("components", ()) for package in _package(component.get("purl", ""))},
        key=lambda package: (package.ecosystem, package.name),
    )
    found = [pair for at in range(0, len(packages), _BATCH) for pair in _ids(packages[at : at + _BATCH], service)]
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda pair: _described(pair[0], pair[1], service), found))


def _package(purl: str) -> Iterator[Package]:
    """The package of a purl: `pkg:deb/debian/libc6@2.41-12?distro=debian-13&upstream=glibc`."""
    parts = urlsplit(purl)
    name, _, version = parts.path.rpartition("/")[2].partition("@")
    named = {key: values[0] for key, values in parse_qs(parts.query).items()}
    if parts.path.startswith("pypi/"):
        yield Package("PyPI", unquote(name), unquote(version))
    elif parts.path.startswith("deb/debian/"):
        source, _, of_source = named.get("upstream", unquote(name)).partition("@")
        release = named.get("distro", "").rpartition("-")[2]
        yield Package(f"Debian:{release}" if release else "Debian", source, of_source or unquote(version))


def _ids(packages: list[Package], service: str) -> Iterator[tuple[Package, str]]:
    waiting = [(package, "") for package in packages]
    while waiting:
        queries = [
            {
                "version": package.version,
                "package": {"ecosystem": package.ecosystem, "name": package.name},
                **({"page_token": token} if token else {}),
            }
            for package, token in waiting
        ]
        answers = _ask(f"{service}/v1/querybatch", {"queries": queries})["results"]
        pairs = list(zip(waiting, answers, strict=True))
        yield from ((package, one["id"]) for (package, _), answer in pairs for one in answer.get("vulns", ()))
        waiting = [
            (package, answer["next_page_token"]) for (package, _), answer in pairs if answer.get("next_page_token")
        ]


def _described(package: Package, id_: str, service: str) -> Vulnerability:
    about = _ask(f"{service}/v1/vulns/{id_}")
    summary = about.get("summary") or next(iter(about.get("details", "").splitlines()), "")
    return Vulnerability(package, id_, summary, next(iter(_fixes(package, about.get("affected", ()))), ""))


def _fixes(package: Package, affected: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for one in affected:
        named = one.get("package", {})
        if (named.get("ecosystem"), named.get("name")) == (package.ecosystem, package.name):
            for part in one.get("ranges", ()):
                yield from (event["fixed"] for event in part.get("events", ()) if "fixed" in event)


def _ask(url: str, question: Any = None) -> Any:
    body = json.dumps(question).encode() if question else None
    try:
        answer = send(url, method="POST" if body else "GET", body=body, seconds=_SECONDS)
        if answer.status != 200:
            raise ConnectionError(f"it answered {answer.status}")
        return json.loads(answer.body)
    except (OSError, ValueError) as error:
        host = urlsplit(url).netloc
        raise HarnessError(f"{host} does not answer ({error}): connect to the network, or set HTTPS_PROXY") from None
