"""Comments that suppress findings: `# checkov:skip=CKV_AWS_59: the API is public`.

This is checkov's syntax in Terraform's own language, which a synthesized stack cannot contain. `CKV_AWS_76[dev]` is for
one stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_COMMENT = re.compile(r"#\s*checkov:skip=(?P<id>\w+)(?:\[(?P<stages>[^\]]*)\])?[:\s]*(?P<reason>.*)")


@dataclass(frozen=True)
class Skip:
    """A comment: `place` is its file and line; without `stages` it is for all of them."""

    place: str
    check: str
    stages: tuple[str, ...]
    reason: str

    def covers(self, check: str, stage: str) -> bool:
        """Whether it suppresses this check in this stage."""
        return bool(self.reason) and self.check == check and stage in (self.stages or (stage,))


@dataclass(frozen=True)
class CommentedFile:
    """A source file; `name` is its path as the user knows it."""

    name: str
    path: Path

    @cached_property
    def _lines(self) -> list[str]:
        return self.path.read_text(errors="replace").splitlines() if self.path.is_file() else []

    def skips(self) -> list[Skip]:
        """Return all comments of the file."""
        return [skip for number in range(1, len(self._lines) + 1) for skip in self._at(number)]

    def beside(self, number: int) -> list[Skip]:
        """Return the comments at the end of a line, and those on the comment lines above it."""
        found = list(self._at(number))
        while (number := number - 1) and self._line(number).lstrip().startswith("#"):
            found += self._at(number)
        return found

    def _at(self, number: int) -> Iterator[Skip]:
        for match in _COMMENT.finditer(self._line(number)):
            stages = tuple(re.findall(r"[^\s,]+", match["stages"] or ""))
            yield Skip(f"{self.name}:{number}", match["id"], stages, match["reason"].strip())

    def _line(self, number: int) -> str:
        return self._lines[number - 1] if 1 <= number <= len(self._lines) else ""
