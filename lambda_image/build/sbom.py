"""Print what the image is made of, as CycloneDX 1.6: Debian's packages and Python's, with their versions.

Runs in the build, on the two trees that the image gets. The same trees give the same bytes: no time, no random number.
Purls are those of https://github.com/package-url/purl-spec, types `deb` and `pypi`.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path
from typing import Any
from urllib.parse import quote


def main(base: Path, packages: Path) -> None:
    """Print the components in the file system `base` and in `packages`, which has the function's own."""
    release = dict(line.split("=", 1) for line in (base / "usr/lib/os-release").read_text().splitlines() if "=" in line)
    distro = "-".join(release[key].strip('"') for key in ("ID", "VERSION_ID"))
    components = [*_debian(base / "var/lib/dpkg", distro), *_python(packages)]
    document: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "container", "bom-ref": "image", "name": "function"},
            "lifecycles": [{"phase": "build"}],
        },
        "components": sorted(components, key=lambda component: component["purl"]),
    }
    document["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))}"
    json.dump(document, sys.stdout, indent=1)


def _debian(folder: Path, distro: str) -> Iterator[dict[str, Any]]:
    # Distroless images have a file for each package, beside a list of its files; others have one file for all.
    each = [file.read_text() for file in folder.glob("status.d/*") if file.suffix != ".md5sums"]
    all_ = (folder / "status").read_text().split("\n\n") if (folder / "status").exists() else []
    for text in filter(str.strip, each or all_):
        package = HeaderParser().parsestr(text)
        # "libpng1.6 (1.6.48-1)", where the version of the source is another one.
        source = (package["Source"] or package["Package"]).rstrip(")").replace(" (", "@")
        about = f"arch={package['Architecture']}&distro={distro}&upstream={quote(source, safe='')}"
        yield _component("deb/debian", package["Package"], package["Version"], f"?{about}")


def _python(folder: Path) -> Iterator[dict[str, Any]]:
    for file in folder.rglob("*.dist-info/METADATA"):
        package = HeaderParser().parsestr(file.read_text())
        name = package["Name"].lower().replace("_", "-").replace(".", "-")
        component = _component("pypi", name, package["Version"])
        licence = package["License-Expression"]
        yield {**component, "licenses": [{"expression": licence}]} if licence else component


def _component(type_: str, name: str, version: str, qualifiers: str = "") -> dict[str, Any]:
    purl = f"pkg:{type_}/{quote(name, safe='')}@{quote(version, safe='')}{qualifiers}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
