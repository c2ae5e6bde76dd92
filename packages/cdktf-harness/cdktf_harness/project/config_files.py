"""Read and check the app's settings in cdktf.json and its table in pyproject.toml."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from cdktf_harness.system.errors import HarnessError


def app(root: Path) -> dict[str, Any]:
    """Return the content of the cdktf.json in `root`. Raises HarnessError if CDKTF's command line could not use it."""
    content = settings(root / "cdktf.json", "cdktf.json")
    if not isinstance(content.get("app"), str):
        raise HarnessError(
            'cdktf.json does not say how to run the app: `app` must be a command, such as "python main.py"'
        )
    if not isinstance(context := content.get("context", {}), dict):
        raise HarnessError(f"cdktf.json: `context` is {_shown(context)}; it must be an object")
    return content


def settings(path: Path, name: str = "") -> dict[str, Any]:
    """Return the settings in a JSON file, which errors call `name`. Raises HarnessError if it has none."""
    name = name or str(path)
    try:
        content = json.loads(path.read_text())
    except ValueError as error:
        raise HarnessError(f"{name} is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise HarnessError(f"{name} is {_shown(content)}; it must be an object")
    return content


def table(path: Path, name: str, keys: Mapping[str, str]) -> dict[str, Any]:
    """Return the table `name` of a TOML file; `keys` maps each allowed key to its type as a dataclass writes it.

    Raises HarnessError if the file or the table is missing, or if a key or a value is not allowed.
    """
    if not path.is_file():
        raise HarnessError(f"{path} is missing: describe the app there, in [{name}]")
    content: Any = toml(path)
    for part in name.split("."):
        content = content.get(part, {})
        if not isinstance(content, dict):
            raise HarnessError(f"pyproject.toml: `{part}` is {_shown(content)}; [{name}] must be a table")
    for key, value in content.items():
        if key not in keys:
            raise HarnessError(f"pyproject.toml: [{name}] has no key {key!r}; there are {', '.join(sorted(keys))}")
        wanted, fits = _TYPES[keys[key]]
        if not fits(value):
            raise HarnessError(f"pyproject.toml: [{name}]: `{key}` is {_shown(value)}; it must be {wanted}")
    return {key: tuple(value) if isinstance(value, list) else value for key, value in content.items()}


def toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file. Raises HarnessError if there is none."""
    try:
        return tomllib.loads(path.read_text())
    except FileNotFoundError:
        raise HarnessError(f"{path} is missing") from None
    except ValueError as error:
        raise HarnessError(f"{path} is not TOML: {error}") from None


def _texts(values: Iterable[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _shown(value: Any) -> str:
    return json.dumps(value, default=str)


# The values that a key of the table accepts, by its type. Not with pydantic: its import takes 0.1 s, a quarter of the
# time of a command that only reads.
_TYPES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "str": ('a string, such as "api"', lambda value: isinstance(value, str)),
    "tuple[str, ...]": ('a list of strings, such as ["api"]', lambda value: isinstance(value, list) and _texts(value)),
    "Mapping[str, str]": (
        'a table of strings, such as {NAME = "value"}',
        lambda value: isinstance(value, dict) and _texts(value.values()),
    ),
}
