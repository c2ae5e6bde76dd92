"""The routes of a REST API: a method and a path each, as "GET /items/{id}"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# API Gateway's guide, "Methods for REST APIs in API Gateway"; API reference of Method, httpMethod.
_METHOD = "ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT"
# What CreateResource allows as a `pathPart`. A variable with a `+` takes all that follows.
_PART = r"/(?:[A-Za-z0-9._:-]+|\{[A-Za-z0-9._:-]+\})"
_REST = r"/\{[A-Za-z0-9._:-]+\+\}"
_ROUTE = re.compile(rf"({_METHOD}) (/|(?:{_PART})*(?:{_PART}|{_REST}))")


@dataclass(frozen=True)
class Path:
    """A method, or ANY, and a path, which is empty for the root."""

    method: str
    path: str

    @property
    def id(self) -> str:
        """The id of its construct."""
        return f"{self.method}{self.path.replace('/', '-') or '-'}"

    @property
    def called(self) -> str:
        """Its end in the ARN that calls its function, with `*` for what a request decides.

        API Gateway's guide, "Control access to an API with IAM permissions", Resource format.
        """
        path = re.sub(r"\{[^}]*\}", "*", self.path) or "/"
        return ("*" if self.method == "ANY" else self.method) + path


def parse(routes: Iterable[str]) -> list[Path]:
    """Return the routes in the order given.

    Raises ValueError if there is none, if one is written in another way, or if API Gateway or Terraform could not tell
    two of them apart.
    """
    found = [_parse(route) for route in routes]
    if not found:
        raise ValueError("routes: got none. API Gateway does not deploy an API without methods")
    others: dict[str, str] = {}
    for route in found:
        parts = route.path.split("/")
        for path in ("/".join(parts[: end + 1]) for end in range(1, len(parts))):
            parent, _, part = path.rpartition("/")
            # Of a variable, API Gateway has one at a place; the id of a resource has a `-` for each `/`.
            for key in (f"{parent}/{{}}" if part.startswith("{") else path, path.replace("/", "-")):
                if others.setdefault(key, path) != path:
                    raise ValueError(f"routes: got {others[key]!r} and {path!r}. An API has one of them: rename one")
    return found


def _parse(route: str) -> Path:
    parts = _ROUTE.fullmatch(route)
    if not parts:
        raise ValueError(
            f"routes: got {route!r}. It should be a method and a path without a slash at its end, for example "
            "'GET /time' or 'ANY /items/{id}'"
        )
    method, path = parts.groups()
    return Path(method, path.rstrip("/"))
