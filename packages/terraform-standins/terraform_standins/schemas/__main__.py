"""`python -m terraform_standins.schemas [--folder FOLDER] [--terraform FILE] [--details FILE] KIND.TYPE...`

writes schemas: into FOLDER for types that an app adds, else into the package.

Without names it writes all bundled AWS schemas again. It reads them from the installed bindings. The bindings of
the docker provider are older than the pinned provider: its schemas come from `terraform providers schema -json`
(`--terraform`). An overlay, overlay/KIND.TYPE.json, adds by dotted path what the bindings lack. `--details` creates
a missing overlay from a recording of the real provider's schema objects.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from terraform_standins.errors import StandInError

from . import bindings
from .overlay import from_details, lay

_FOLDER = Path(__file__).parent
_SOURCES = {"resource": "resource_schemas", "data": "data_source_schemas"}


def build(name: str, terraform: Path | None = None) -> dict[str, Any]:
    """The content of one schema file, by name: `resource.aws_sns_topic`, `data.aws_region`, `provider.aws`."""
    overlay = overlay_path(name)
    return lay({"block": _block(name, terraform)}, json.loads(overlay.read_text()) if overlay.exists() else {})


def _block(name: str, terraform: Path | None) -> dict[str, Any]:
    kind, type_name = name.split(".")
    provider, _, rest = type_name.partition("_")
    if terraform is not None:
        return _from_terraform(_terraform_block(json.loads(terraform.read_text()), kind, type_name))
    if kind == "provider":
        return bindings.read_provider(provider)
    words = (f"data_{type_name}" if kind == "data" else rest).split("_")
    return bindings.read(provider, "-".join(words), "".join(word.capitalize() for word in words))


def overlay_path(name: str) -> Path:
    """The file of a type's overlay, which may not exist."""
    return _FOLDER / "overlay" / f"{name}.json"


def schema_path(name: str) -> Path:
    """The file of a type's schema."""
    kind, type_name = name.split(".")
    provider = type_name.partition("_")[0]
    return _FOLDER / provider / ("provider.json" if kind == "provider" else f"{name}.json")


def dump(data: dict[str, Any]) -> str:
    """JSON with one line per attribute, for readable diffs between versions."""
    text = json.dumps(data, indent=1, sort_keys=True)
    compact = re.compile(r"\{\n[^{}]*\}")
    return compact.sub(lambda match: re.sub(r"\n\s*", " ", match[0]), text) + "\n"


def _terraform_block(document: dict[str, Any], kind: str, type_name: str) -> dict[str, Any]:
    found = document["provider"] if kind == "provider" else document[_SOURCES[kind]][type_name]
    block: dict[str, Any] = found["block"]
    return block


def _from_terraform(block: dict[str, Any]) -> dict[str, Any]:
    keys = ("type", "required", "optional", "computed", "sensitive", "deprecated")
    attributes = {
        name: {key: attribute[key] for key in keys if attribute.get(key)}
        for name, attribute in block.get("attributes", {}).items()
    }
    blocks = {
        name: {
            "nesting": nested["nesting_mode"],
            **{key: nested[key] for key in ("min_items", "max_items") if nested.get(key)},
            "block": _from_terraform(nested["block"]),
        }
        for name, nested in block.get("block_types", {}).items()
    }
    return {"attributes": attributes, **({"blocks": blocks} if blocks else {})}


def main() -> None:
    """Write the schema files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--terraform", type=Path)
    parser.add_argument("--details", type=Path)
    options = parser.parse_args()
    names = options.names or [
        path.stem for path in _FOLDER.glob("aws/*.*.json") if not path.stem.startswith("ephemeral.")
    ]
    for name in names:
        if options.details and not overlay_path(name).exists():
            overlay = from_details(json.loads(options.details.read_text()), name, _block(name, options.terraform))
            overlay_path(name).write_text(dump(overlay))
        path = options.folder / f"{name}.json" if options.folder else schema_path(name)
        if options.folder and path.exists():
            raise StandInError(f"{path} exists already and may have been edited: delete it to write it again")
        path.write_text(dump(build(name, options.terraform)))
        print(path)


if __name__ == "__main__":
    try:
        main()
    except StandInError as error:
        sys.exit(f"error: {error}")
