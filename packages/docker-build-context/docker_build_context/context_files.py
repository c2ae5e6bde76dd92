"""The files of a build context, by BuildKit's rules.

Sources: github.com/moby/patternmatcher 0.6 (patterns, `ignorefile`), github.com/tonistiigi/fsutil (the walk), and
https://docs.docker.com/build/concepts/context/#dockerignore-files .
"""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SPECIAL = {stat.S_IFIFO: "fifo", stat.S_IFSOCK: "socket", stat.S_IFBLK: "device", stat.S_IFCHR: "device"}
_CHARACTER = r"(?:\\.|[^]\\-])"
_TOKEN = re.compile(rf"\*\*/?|[*?]|\\.|\[\^?(?:{_CHARACTER}(?:-{_CHARACTER})?)+\]|[^\\[]", re.S)


class ContextError(Exception):
    """A folder cannot be used as a build context; the text is one line that names the path and says what to do."""


@dataclass(frozen=True)
class Context:
    """The build context `folder`.

    `entries` maps the name of each file, folder and link that the build sees to its status. Names are relative to
    `folder` and sorted; links are not followed. `aside` lists the Dockerfile and the ignore file if they are ignored:
    the build reads them, but they are not in the context.
    """

    folder: Path
    dockerfile: str
    entries: Mapping[str, os.stat_result]
    aside: tuple[str, ...]


def read_context(folder: Path, dockerfile: str) -> Context:
    """Read the build context `folder`; `dockerfile` is relative to it.

    The Dockerfile's own ignore file (`Containerfile.dockerignore`) takes precedence over `.dockerignore`.
    Raises ContextError if a build cannot use the folder.
    """
    if not folder.is_dir():
        raise ContextError(f"{str(folder)!r} is not a directory: fix the path of the build context")
    _require_file(folder, dockerfile, "fix `dockerfile`")
    names = (f"{dockerfile}.dockerignore", ".dockerignore")
    ignore = next((name for name in names if os.path.lexists(folder / name)), "")
    if ignore:
        _require_file(folder, ignore, "replace it by a file")
    reader = _Reader(folder, ignore)
    entries = dict(sorted(reader.walk()))
    for name, status in entries.items():
        if stat.S_ISLNK(status.st_mode):
            reader.require_target(name, entries)
    aside = tuple(name for name in (dockerfile, ignore) if name and name not in entries)
    return Context(folder, dockerfile, entries, aside)


class _Reader:
    """A reader of `folder` by the rules of its file `ignore`; "" for none."""

    def __init__(self, folder: Path, ignore: str) -> None:
        self._folder = folder
        self._patterns = _patterns(folder / ignore) if ignore else []
        # Skip an ignored folder if no exception can match anything in it.
        self._deepest = max((pattern.depth for pattern in self._patterns if pattern.exception), default=0)
        self._ignore_it = f"add it to {ignore or '.dockerignore'}"

    def walk(self, above: str = "", matched_above: Sequence[bool] = ()) -> Iterator[tuple[str, os.stat_result]]:
        """Yield the visible entries below the folder `above`; `matched_above` says which patterns match that folder."""
        for name, status in self._scan(above):
            ignored, matched = self._ignored(name, matched_above or [False] * len(self._patterns))
            inside: list[tuple[str, os.stat_result]] = []
            if stat.S_ISDIR(status.st_mode) and not (ignored and self._deepest <= name.count("/") + 1):
                inside = list(self.walk(name, matched))
            if not ignored:
                self._require_usable(name, status)
            if inside or not ignored:
                yield name, status
            yield from inside

    def require_target(self, link: str, entries: Mapping[str, os.stat_result]) -> None:
        """Raise ContextError if `link` does not lead to a visible entry."""
        target = posixpath.join(posixpath.dirname(link), os.readlink(self._folder / link))
        if posixpath.normpath(target).split("/")[0] in ("", ".."):
            folder = str(self._folder)
            raise self._refuse(link, f"is a link that leaves the build context: copy its target into {folder!r}")
        try:
            found = (self._folder / link).resolve(strict=True)
        except (OSError, RuntimeError):
            raise self._refuse(link, "is a link to a missing file, or to itself: fix it") from None
        name = os.path.relpath(found, self._folder.resolve())
        if name != "." and name not in entries:
            raise self._refuse(link, f"is a link to {name!r}, which is ignored: do not ignore it")

    def _scan(self, above: str) -> list[tuple[str, os.stat_result]]:
        try:
            with os.scandir(self._folder / above) as found:
                return [(f"{above}/{it.name}" if above else it.name, it.stat(follow_symlinks=False)) for it in found]
        except OSError as error:
            raise self._refuse(above, f"cannot be read ({error.strerror}): make it readable") from None

    def _ignored(self, name: str, above: Sequence[bool]) -> tuple[bool, list[bool]]:
        """Return whether `name` is ignored, and which patterns match it (patternmatcher: MatchesUsingParentResults)."""
        ignored, matched = False, [False] * len(self._patterns)
        for number, pattern in enumerate(self._patterns):
            if above[number] or (pattern.exception == ignored and pattern.matches.fullmatch(name)):
                matched[number] = True
                ignored = not pattern.exception
        return ignored, matched

    def _require_usable(self, name: str, status: os.stat_result) -> None:
        if name.encode(errors="replace") != name.encode(errors="ignore"):
            raise self._refuse(name, "has a name that is not UTF-8: rename it")
        special = _SPECIAL.get(stat.S_IFMT(status.st_mode))
        if special:
            raise self._refuse(name, f"is a {special}, which an image cannot contain: remove it")

    def _refuse(self, name: str, why: str) -> ContextError:
        return ContextError(f"{str(self._folder / name)!r} {why}, or {self._ignore_it}")


@dataclass(frozen=True)
class _Pattern:
    """One line of an ignore file; `depth` is the greatest number of parts of a path that it matches."""

    matches: re.Pattern[str]
    exception: bool
    depth: float


def _patterns(ignore: Path) -> list[_Pattern]:
    text = ignore.read_text("utf-8", errors="surrogateescape").removeprefix("\ufeff")
    lines = [line.strip() for line in text.split("\n") if not line.startswith("#")]
    return [_pattern(line, ignore) for line in lines if line]


def _pattern(line: str, ignore: Path) -> _Pattern:
    bare = line.removeprefix("!").strip()
    # An absolute path is relative to the folder.
    clean = (posixpath.normpath(bare).lstrip("/") or "/") if bare else ""
    text = f"!{clean}" if line.startswith("!") else clean
    exception = text.startswith("!")
    glob = text.removeprefix("!")
    tokens = _TOKEN.findall(glob)
    if not glob or "".join(tokens) != glob:
        raise ContextError(f"{str(ignore)!r}: {line!r} is not a pattern: fix or remove that line")
    unbounded = "**" in glob or "[" in glob
    return _Pattern(
        re.compile(_expression(tokens), re.S), exception, float("inf") if unbounded else glob.count("/") + 1
    )


def _expression(tokens: Sequence[str]) -> str:
    if tokens[0] == "**" and not any(token[0] in "*?\\[" for token in tokens[1:]):
        return ".*" + re.escape("".join(tokens[1:]))
    parts = []
    for number, token in enumerate(tokens):
        if token.startswith("**"):
            parts.append(".*" if number == len(tokens) - 1 else "(?:.*/)?")
        elif token in "*?":
            parts.append("[^/]*" if token == "*" else "[^/]")
        elif token.startswith("["):
            # Escape what Python warns of because its meaning in a class may change.
            parts.append("[" + re.sub(r"(?<!\\)[\[&|~]", r"\\\g<0>", token[1:-1]) + "]")
        else:
            parts.append(re.escape(token.removeprefix("\\") or "\\"))
    return "".join(parts)


def _require_file(folder: Path, name: str, todo: str) -> None:
    """Raise ContextError if `name` is neither a file in the folder nor a link to one."""
    path = folder / name
    try:
        found = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise ContextError(f"{str(path)!r} does not exist, or is a broken link: {todo}") from None
    if not found.is_file() or not found.is_relative_to(folder.resolve()):
        raise ContextError(f"{str(path)!r} is not a file in the build context: {todo}")
