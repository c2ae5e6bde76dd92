"""Known vulnerabilities of an SBOM, from a server that answers as OSV documents it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from http_server import Request, Response, serving

from cdktf_harness.checks.vulnerabilities import find
from cdktf_harness.project.errors import HarnessError

PURLS = (
    "pkg:pypi/jinja2@2.4.1",
    "pkg:pypi/fine@1",
    "pkg:deb/debian/libc6@2.41-12%2Bdeb13u1?arch=arm64&distro=debian-13&upstream=glibc",
    "pkg:deb/debian/libc-bin@2.41-12%2Bdeb13u1?arch=arm64&distro=debian-13&upstream=glibc",
    "pkg:deb/debian/libx@1%3A2?arch=arm64&distro=debian-13&upstream=x%402.1",
)
GLIBC = {"name": "glibc", "ecosystem": "Debian:13"}
KNOWN = {
    "GHSA-1": {
        "summary": "Sandbox escape",
        "affected": [
            {
                "package": {"name": "jinja2", "ecosystem": "PyPI"},
                "ranges": [{"events": [{"introduced": "0"}, {"fixed": "2.8.1"}]}],
            }
        ],
    },
    "CVE-2": {"details": "A stack overflow.\nMore.", "affected": [{"package": GLIBC, "ranges": [{"events": []}]}]},
}


@dataclass
class Osv:
    """OSV 1.0: jinja2 and glibc have a vulnerability each, the one of glibc on a second page."""

    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        """Answer /v1/querybatch and /v1/vulns/ID."""
        if request.method == "GET":
            return _json(KNOWN[request.path.removeprefix("/v1/vulns/")])
        assert request.path == "/v1/querybatch"
        queries = json.loads(request.body)["queries"]
        self.asked += queries
        return _json({"results": [_page(query["package"]["name"], "page_token" in query) for query in queries]})


def _page(name: str, second: bool) -> dict[str, Any]:
    if name == "glibc":
        return {"vulns": [{"id": "CVE-2"}]} if second else {"next_page_token": "more"}
    return {"vulns": [{"id": "GHSA-1"}]} if name == "jinja2" else {}


def _json(content: object) -> Response:
    return Response(json.dumps(content).encode())


def test_vulnerabilities_say_what_fixes_them() -> None:
    """Python's by name and version, Debian's by source package and release, each once."""
    osv = Osv()
    with serving(osv) as port:
        found = find({"components": [*({"purl": purl} for purl in PURLS), {"name": "own"}]}, f"http://127.0.0.1:{port}")
    assert list(map(str, found)) == [
        "jinja2 2.4.1: GHSA-1 Sandbox escape; update it to 2.8.1, see https://osv.dev/GHSA-1",
        "glibc 2.41-12+deb13u1: CVE-2 A stack overflow.; no fixed version is known, see https://osv.dev/CVE-2",
    ]
    assert [(query["package"], query["version"]) for query in osv.asked] == [
        (GLIBC, "2.41-12+deb13u1"),
        ({"name": "x", "ecosystem": "Debian:13"}, "2.1"),
        ({"name": "fine", "ecosystem": "PyPI"}, "1"),
        ({"name": "jinja2", "ecosystem": "PyPI"}, "2.4.1"),
        (GLIBC, "2.41-12+deb13u1"),
    ]


def test_a_service_that_does_not_answer_is_an_error() -> None:
    """Not an image without vulnerabilities."""
    with pytest.raises(HarnessError, match=r"^127\.0\.0\.1:1 does not answer \(.*refused.*\): connect to the network"):
        find({"components": [{"purl": PURLS[0]}]}, "http://127.0.0.1:1")
