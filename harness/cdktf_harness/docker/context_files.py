"""What a Docker build sees of a folder, by BuildKit's own rules: the one reading of a build context.

Sources: github.com/moby/patternmatcher 0.6 (patterns, `ignorefile`), github.com/tonistiigi/fsutil (the walk), and
https://docs.docker.com/build/concepts/context/#dockerignore-files .

The same file is in stacks/constructs and in the harness's docker package, since neither imports the other.
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
_MAX_LINKS = 40  # as Linux has it
_CHARACTER = r"(?:\\.|[^]\\-])"
_TOKEN = re.compile(rf"\*\*/?|[*?]|\\.|\[\^?(?:{_CHARACTER}(?:-{_CHARACTER})?)+\]|[^\\[]", re.S)


class ContextError(Exception):
    """A folder that cannot be built from; the text is one line that names the path and says what to do."""


@dataclass(frozen=True)
class Context:
    """What a build gets of `folder`.

    `entries` has each file, folder and link that the build sees, with its own status (links are not followed), by
    name relative to `folder`, sorted. `aside` are the Dockerfile and the ignore file that holds, where the build reads
    them but does not see them.
    """

    folder: Path
    dockerfile: str
    entries: Mapping[str, os.stat_result]
    aside: tuple[str, ...]


def read_context(folder: Path, dockerfile: str) -> Context:
    """Read the build context `folder`; `dockerfile` is relative to it. Raises ContextError.

    Of two ignore files the Dockerfile's own holds (`Containerfile.dockerignore` before `.dockerignore`).
    """
    if not folder.is_dir():
        raise ContextError(f"{str(folder)!r} is not a directory: fix the path of the build context")
    _require_inside(folder, dockerfile, "fix `dockerfile`")
    names = (f"{dockerfile}.dockerignore", ".dockerignore")
    ignore = next((name for name in names if os.path.lexists(folder / name)), "")
    if ignore:
        _require_inside(folder, ignore, "make it a file")
    patterns = _patterns(folder / ignore) if ignore else []
    left_out = f"name it in {ignore or '.dockerignore'}"
    entries = dict(sorted(_walk(folder, "", patterns, [False] * len(patterns), left_out)))
    for name, status in entries.items():
        if stat.S_ISLNK(status.st_mode):
            _require_target(folder, name, entries, left_out)
    aside = tuple(name for name in (dockerfile, ignore) if name and name not in entries)
    return Context(folder, dockerfile, entries, aside)


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
    # An absolute path means one from the folder.
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
            # Python would warn of what may get another meaning in a class.
            parts.append("[" + re.sub(r"(?<!\\)[\[&|~]", r"\\\g<0>", token[1:-1]) + "]")
        else:
            parts.append(re.escape(token.removeprefix("\\") or "\\"))
    return "".join(parts)


def _walk(
    folder: Path, above: str, patterns: Sequence[_Pattern], matched_above: Sequence[bool], left_out: str
) -> Iterator[tuple[str, os.stat_result]]:
    """What is seen below the folder named `above`; `matched_above` tells which patterns match that one."""
    try:
        with os.scandir(folder / above) as found:
            below = [
                (f"{above}/{entry.name}" if above else entry.name, entry.stat(follow_symlinks=False)) for entry in found
            ]
    except OSError as error:
        raise _unreadable(error, left_out) from None
    for name, status in below:
        ignored, matched = _ignored(name, patterns, matched_above)
        inside: list[tuple[str, os.stat_result]] = []
        if stat.S_ISDIR(status.st_mode) and not (ignored and _all_below_ignored(name, patterns)):
            inside = list(_walk(folder, name, patterns, matched, left_out))
        if not ignored:
            _require_usable(folder / name, status, left_out)
        if inside or not ignored:
            yield name, status
        yield from inside


def _ignored(name: str, patterns: Sequence[_Pattern], above: Sequence[bool]) -> tuple[bool, list[bool]]:
    """Whether `name` is left out, and which patterns match it; patternmatcher's MatchesUsingParentResults."""
    ignored, matched = False, [False] * len(patterns)
    for number, pattern in enumerate(patterns):
        if above[number] or (pattern.exception == ignored and pattern.matches.fullmatch(name)):
            matched[number] = True
            ignored = not pattern.exception
    return ignored, matched


def _all_below_ignored(name: str, patterns: Sequence[_Pattern]) -> bool:
    """Whether no exception can match what is in the ignored folder `name`, which then need not be read."""
    depth = name.count("/") + 1
    return all(pattern.depth <= depth for pattern in patterns if pattern.exception)


def _require_usable(path: Path, status: os.stat_result, left_out: str) -> None:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise ContextError(f"{str(path)!r}: the name is not UTF-8: rename it, or {left_out}") from None
    special = _SPECIAL.get(stat.S_IFMT(status.st_mode))
    if special:
        raise ContextError(f"{str(path)!r} is a {special}, which no image can hold: remove it, or {left_out}")


def _require_target(folder: Path, link: str, entries: Mapping[str, os.stat_result], left_out: str) -> None:
    """Raise ContextError unless `link` leads, by what the build sees alone, to something that it sees."""

    def refuse(what: str, todo: str) -> ContextError:
        return ContextError(f"{str(folder / link)!r}: the link {what}: {todo}, or {left_out}")

    here: list[str] = []
    rest, links = link.split("/"), 0
    while rest:
        part = rest.pop(0)
        if part in ("", "."):
            continue
        if part == ".." and not here:
            raise refuse("leaves the build context", f"copy what it leads to into {str(folder)!r}")
        here = here[:-1] if part == ".." else [*here, part]
        name = "/".join(here)
        if name and name not in entries:
            if os.path.lexists(folder / name):
                raise refuse(f"leads to {name!r}, which is ignored", "do not ignore that")
            raise refuse(f"leads to {name!r}, which does not exist", "fix it")
        if name and stat.S_ISLNK(entries[name].st_mode):
            links += 1
            if links > _MAX_LINKS:
                raise refuse("leads back to itself", "fix it")
            target = os.readlink(folder / name)
            if target.startswith("/"):
                raise refuse("leaves the build context", f"copy what it leads to into {str(folder)!r}")
            here, rest = here[:-1], target.split("/") + rest
        elif name and rest and not stat.S_ISDIR(entries[name].st_mode):
            raise refuse(f"goes through {name!r}, which is not a directory", "fix it")


def _require_inside(folder: Path, name: str, todo: str) -> None:
    """Raise ContextError unless `name` is a file in the folder, or a link to one."""
    path = folder / name
    try:
        found = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise ContextError(f"{str(path)!r} does not exist, or is a link that leads nowhere: {todo}") from None
    if not found.is_file() or not found.is_relative_to(folder.resolve()):
        raise ContextError(f"{str(path)!r} is not a file in the build context: {todo}")


def _unreadable(error: OSError, left_out: str) -> ContextError:
    return ContextError(f"{str(error.filename)!r}: {error.strerror}: make it readable, or {left_out}")
