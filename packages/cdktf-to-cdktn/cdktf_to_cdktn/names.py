"""The names of cdktf 0.21 and its packages in CDK Terrain (cdktn 0.24).

cdktf.json, cdktf.out, the CDKTF_* variables, the state and the ids of resources keep their names.
"""

from __future__ import annotations

import json
import re
from typing import Any

# Change these together: each release of the bindings requires one minor version of the library.
VERSION = "0.24.0"
BINDINGS = {"aws": "25.8.1", "docker": "16.1.0"}

# A dependency of cdktf-cli that apps often override because it must be compiled; cdktn-cli does not have it.
_TERMINAL = "@cdktf/node-pty-prebuilt-multiarch"

_MODULE = re.compile(r"\bcdktf_cdktf_provider(?=\b|_)")
_SCOPE = re.compile(r"@cdktf(?=[/\\]provider-)")
_IMPORT = re.compile(r"^(\s*(?:from|import)\s+)cdktf(?!\w)", re.MULTILINE)
# A use after a plain `import cdktf`: the library's classes begin with a capital letter.
_MEMBER = re.compile(r"\bcdktf(?=\.[A-Z])")
# A command or package in prose, scripts and settings; not a file, and not the start of another name.
_WORD = re.compile(r"(?<!terraform/)\bcdktf(?:-cli)?\b(?![-_\\]|\.(?:json|out|log|py)\b)")
_DEPENDENCY = re.compile(
    r"""
    (?<![\w@/-]) cdktf (?:-cdktf-provider-(?P<binding>[a-z0-9-]+))? (?![\w-])
    (?: (?P<key>["']?\s*=\s*)["'][^"']*["']  # name = "==1.2", as in a Pipfile
      | (?P<required>\s*[=~<>!]+[\d.*,=~<>!\s]*[\d*]) )?  # name==1.2, as pip writes it
    """,
    re.VERBOSE,
)


def renamed_python(text: str) -> str:
    """Rename imports and uses in Python source, not string literals, such as the values of tags."""
    text = _MEMBER.sub("cdktn", _IMPORT.sub(r"\1cdktn", text))
    return renamed_modules(text)


def renamed_modules(text: str) -> str:
    """Rename the bindings in any text, as Python modules or as npm packages."""
    return _SCOPE.sub("@cdktn", _MODULE.sub("cdktn_provider", text))


def renamed_text(text: str) -> str:
    """Rename the command and the bindings in prose, a script or a settings file."""
    return _WORD.sub(lambda match: match[0].replace("cdktf", "cdktn"), renamed_modules(text))


def renamed_requirements(text: str) -> str:
    """Rename the packages in a Pipfile, pyproject.toml or requirements.txt, with the versions above."""
    return renamed_text(_DEPENDENCY.sub(_dependency, text))


def renamed_package(text: str) -> str:
    """Rename the packages in a package.json, with the versions above."""
    package: dict[str, Any] = json.loads(text)
    for section in ("dependencies", "devDependencies", "peerDependencies"):
        if section in package:
            package[section] = dict(_npm(name, version) for name, version in package[section].items())
    package.get("overrides", {}).pop(_TERMINAL, None)
    if package.get("overrides") == {}:
        del package["overrides"]
    for name, script in package.get("scripts", {}).items():
        package["scripts"][name] = renamed_text(script)
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def _npm(name: str, version: str) -> tuple[str, str]:
    if name in ("cdktf", "cdktf-cli"):
        return name.replace("cdktf", "cdktn"), VERSION
    if name.startswith("@cdktf/provider-"):
        return name.replace("@cdktf", "@cdktn"), BINDINGS.get(name.removeprefix("@cdktf/provider-"), "*")
    return name, version


def _dependency(match: re.Match[str]) -> str:
    binding = match["binding"]
    name = f"cdktn-provider-{binding}" if binding else "cdktn"
    version = BINDINGS.get(binding) if binding else VERSION
    if match["key"]:
        return f'{name}{match["key"]}"{f"=={version}" if version else "*"}"'
    if match["required"] or binding:
        return f"{name}=={version}" if version else name
    return match[0]
