"""`python -m terraform_standins.schemas [--folder FOLDER] KIND.TYPE...`

writes schemas: into FOLDER for types that an app adds, else into the package.

Without names it writes all bundled AWS schemas again. It reads them from the installed bindings. An overlay,
overlay/KIND.TYPE.json, adds by dotted path what the bindings lack. The bindings of the docker provider are older than
the pinned provider: its schemas, and those of the providers' own configurations, are edited by hand, from
`terraform providers schema -json`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from terraform_standins.errors import StandInError

from . import bindings

_FOLDER = Path(__file__).parent


def build(name: str) -> dict[str, Any]:
    """The content of one schema file, by name: `resource.aws_sns_topic`, `data.aws_region`."""
    overlay = overlay_path(name)
    block = bindings.read(*_module(name))
    return _lay({"block": block}, json.loads(overlay.read_text()) if overlay.exists() else {})


def in_order(names: Iterable[str]) -> list[str]:
    """Sort names of schemas so that `build` reads the compressed bindings forwards: each step back costs half a second.

    Raises StandInError if there are no bindings of one.
    """
    return sorted(names, key=lambda name: bindings.position(*_module(name)[:2]))


def _module(name: str) -> tuple[str, str, str]:
    """The provider, the module and the class of a type in the bindings."""
    kind, type_name = name.split(".")
    provider, _, rest = type_name.partition("_")
    words = (f"data_{type_name}" if kind == "data" else rest).split("_")
    return provider, "-".join(words), "".join(word.capitalize() for word in words)


def overlay_path(name: str) -> Path:
    """The file of a type's overlay, which may not exist."""
    return _FOLDER / "overlay" / f"{name}.json"


def schema_path(name: str) -> Path:
    """The file of a type's schema."""
    return _FOLDER / name.split(".")[1].partition("_")[0] / f"{name}.json"


def _lay(schema: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """Add the overlay's keys to the schema. Raises KeyError if the schema lacks one of the paths."""
    schema["version"] = overlay.get("version", 0)
    for path, keys in overlay.get("paths", {}).items():
        _at(schema["block"], path).update(keys)
    return schema


def _at(block: dict[str, Any], path: str) -> dict[str, Any]:
    *parents, last = path.split(".")
    for parent in parents:
        block = block["blocks"][parent]["block"]
    found: dict[str, Any] = block["attributes"].get(last) or block.get("blocks", {})[last]
    return found


def dump(data: dict[str, Any]) -> str:
    """JSON with one line per attribute, for readable diffs between versions."""
    text = json.dumps(data, indent=1, sort_keys=True)
    compact = re.compile(r"\{\n[^{}]*\}")
    return compact.sub(lambda match: re.sub(r"\n\s*", " ", match[0]), text) + "\n"


def main() -> None:
    """Write the schema files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    names = options.names or [
        path.stem for path in _FOLDER.glob("aws/*.*.json") if not path.stem.startswith("ephemeral.")
    ]
    for name in in_order(names):
        path = options.folder / f"{name}.json" if options.folder else schema_path(name)
        if options.folder and path.exists():
            raise StandInError(f"{path} exists already and may have been edited: delete it to write it again")
        path.write_text(dump(build(name)))
        print(path)


if __name__ == "__main__":
    try:
        main()
    except StandInError as error:
        sys.exit(f"error: {error}")
