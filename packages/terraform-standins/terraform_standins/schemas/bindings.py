"""Read a schema from the installed CDKTF bindings (AWS 21.22).

The bindings' JavaScript contains its TypeScript source in an inline source map. That source was generated from the
provider's schema: names, types, required, optional, computed, nesting. There is no public way to read these, so this
module parses the source with regular expressions. It lacks `sensitive`, the schema's version and everything that is
internal to a provider; overlays add that. tests/providers/test_types.py fails if the bindings' form changes.
"""

from __future__ import annotations

import base64
import json
import re
import tarfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from terraform_standins.errors import StandInError

_ATTRIBUTE = re.compile(
    r"// (?P<name>\w+) - computed: (?P<computed>\w+), optional: (?P<optional>\w+), "
    r"required: (?P<required>\w+)\n"
    r"(?P<code>.*?)(?=\n  // \w+ - computed|\n  // =====|\Z)",
    re.S,
)
_CHILD = re.compile(r"= new (?P<cls>\w+)\(this, \"\w+\"(?:, (?P<set>true|false))?\)")
_GETTER = re.compile(r"this\.get(?P<what>\w+)Attribute\(|= new cdktf\.(?P<map>\w+Map)\(")
_HCL = re.compile(r"(\w+): \{\n\s+value: [^\n]*\n\s+isBlock: (\w+),\n\s+type: \"(\w+)\",\n\s+storageClassType:")
_TYPES = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
    "StringMapList": ["list", ["map", "string"]],
}


def read(provider: str, module: str, main: str) -> dict[str, Any]:
    """The block of the class `main` (EcrRepository) in `module` (ecr-repository) of the bindings of `provider`.

    Raises StandInError if the bindings are not installed or have no such module.
    """
    return _Reader(_source(provider, module)).resource(main)


class _Reader:
    def __init__(self, source: str) -> None:
        parts = re.split(r"^export class (\w+) extends", source, flags=re.M)
        self._classes: dict[str, str] = dict(zip(parts[1::2], parts[2::2], strict=True))
        # The ToHclTerraform function of a struct distinguishes blocks from attributes.
        functions = re.split(r"^export function (\w+)ToHclTerraform", source, flags=re.M)
        ends = [function.split("\n}\n", 1)[0] for function in functions[2::2]]
        self._hcl: dict[str, str] = dict(zip(functions[1::2], ends, strict=True))

    def resource(self, cls: str) -> dict[str, Any]:
        # S3BucketVersioning is a block of aws_s3_bucket, so the class of aws_s3_bucket_versioning ends with an A.
        return self.block(cls if cls in self._classes else f"{cls}A")

    def block(self, cls: str) -> dict[str, Any]:
        body = self._classes[cls]
        struct = cls.removesuffix("OutputReference")
        hcl_source = self._hcl.get(struct[0].lower() + struct[1:], body)
        hcl = {name: (block == "true", kind) for name, block, kind in _HCL.findall(hcl_source)}
        attributes: dict[str, Any] = {}
        blocks: dict[str, Any] = {}
        for match in _ATTRIBUTE.finditer(body):
            name, child = match["name"], _CHILD.search(match["code"])
            flags = {key: True for key in ("required", "optional", "computed") if match[key] == "true"}
            is_block, kind = hcl.get(name, (False, ""))
            if child and is_block:
                blocks[name] = self._nested(child["cls"], kind, bool(flags.get("required")))
            elif child:
                wrapped = "set" if child["set"] == "true" else "list"
                attributes[name] = {"type": self._child_type(child["cls"], wrapped), **flags}
            else:
                attributes[name] = {"type": _type(match["code"], kind), **flags}
        return {"attributes": attributes, **({"blocks": blocks} if blocks else {})}

    def _nested(self, child: str, kind: str, required: bool) -> dict[str, Any]:
        many = child.endswith("List")
        cls = child.removesuffix("List") + "OutputReference" if many else child
        nested: dict[str, Any] = {"nesting": {"struct": "single"}.get(kind, kind)}
        if required:
            nested["min_items"] = 1
        if not many and nested["nesting"] != "single":
            nested["max_items"] = 1
        return {**nested, "block": self.block(cls)}

    def _child_type(self, child: str, wrapped: str) -> Any:
        map_type = {"StringMapList": ["map", "string"], "StringListList": ["list", "string"]}
        if child.startswith("cdktf."):
            return [wrapped, map_type[child.removeprefix("cdktf.")]]
        inner = self.block(child.removesuffix("List") + "OutputReference")
        return [wrapped, ["object", {name: a["type"] for name, a in inner["attributes"].items()}]]


def _type(code: str, kind: str) -> Any:
    getter = _GETTER.search(code)
    if getter is None:
        raise StandInError(f"the bindings have an attribute of an unknown kind: {code[:80]!r}")
    found = _TYPES[getter["what"] or getter["map"]]
    if isinstance(found, list) and found[0] == "list" and (kind == "set" or "Fn.tolist" in code):
        return ["set", found[1]]
    return found


@cache
def _archive(provider: str) -> tarfile.TarFile:
    # The bindings of CDKTF, else those of CDK Terrain.
    spec = find_spec(f"cdktf_cdktf_provider_{provider}") or find_spec(f"cdktn_provider_{provider}")
    if spec is None or not spec.submodule_search_locations:
        raise StandInError(f"the bindings cdktf-cdktf-provider-{provider} are not installed: install them first")
    (path,) = (Path(spec.submodule_search_locations[0]) / "_jsii").glob("*.jsii.tgz")
    return tarfile.open(path)


def position(provider: str, module: str) -> int:
    """Return where `module` is in the archive of the bindings of `provider`. Raises StandInError as `read` does."""
    return _member(provider, module).offset


def _member(provider: str, module: str) -> tarfile.TarInfo:
    try:
        return _archive(provider).getmember(f"package/lib/{module}/index.js")
    except KeyError:
        raise StandInError(f"the bindings of {provider} have no module {module}") from None


def _source(provider: str, module: str) -> str:
    file = _archive(provider).extractfile(_member(provider, module))
    assert file is not None
    code = file.read().decode()
    source_map = json.loads(base64.b64decode(code.rsplit("base64,", 1)[1].split()[0]))
    return str(source_map["sourcesContent"][0])
