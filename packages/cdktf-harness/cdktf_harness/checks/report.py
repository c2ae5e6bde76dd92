"""The result of checks: findings, and comments that suppress nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cdktf_harness.checks.skips import CommentedFile, Skip
from cdktf_harness.synthesis.stacks import Stack, Synthesis


@dataclass(frozen=True)
class Finding:
    """A check that did not pass: `path` is the construct's, `source` the file and line that created it.

    `keys` are the arguments that it checks, `stages` those in which it does not pass.
    """

    path: str
    source: str
    check: str
    text: str
    keys: tuple[str, ...]
    stages: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = " ".join(filter(None, (self.source and f"{self.source}:", self.path and f"{self.path}:")))
        stages = f" [{', '.join(self.stages)}]" if any(self.stages) else ""
        return f"{where} {self.check} {self.text}{stages}"

    @property
    def advice(self) -> str:
        """The action to take."""
        change = f"set {' or '.join(f'`{key}`' for key in self.keys)}" if self.keys else "fix that"
        return f"{change}, or write `# checkov:skip={self.check}: REASON` above that line"


@dataclass
class Report:
    """The results of all checks in all stages.

    `findings` failed; `suppressed` maps those that a comment suppresses to its reason; `comments` are lines about
    comments that suppress nothing or have no reason.
    """

    findings: list[Finding] = field(default_factory=list)
    suppressed: dict[Finding, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    passed: int = 0

    @property
    def problems(self) -> list[str]:
        """A line for each finding and comment to fix."""
        return [f"{finding}; {finding.advice}" for finding in self.findings] + self.comments

    @property
    def summary(self) -> str:
        """The numbers of results."""
        return f"{self.passed} checks passed, {len(self.findings)} failed, {len(self.suppressed)} suppressed"

    def assert_clean(self) -> None:
        """Fail with a line for each finding, and for each comment that suppresses nothing or has no reason."""
        __tracebackhide__ = True
        if self.problems:
            raise AssertionError("\n  ".join([self.summary, *self.problems]))


def report(
    results: Iterable[Mapping[str, Any]],
    syntheses: Mapping[str, Synthesis],
    containerfiles: Mapping[Path, str],
    *,
    complete: bool,
) -> Report:
    """Compare the `results` of checkov with the comments in the sources.

    `syntheses` has the synthesis of each stage, `containerfiles` the users' names by path. If they
    are `complete`, a comment that suppresses nothing is reported.
    """
    places, made = _Places(syntheses, containerfiles), Report()
    # The stages by finding, and by the comment that suppressed it.
    failed: dict[Finding, list[str]] = {}
    used: dict[Skip, set[str]] = {}
    for result in results:
        if result["outcome"] != "FAILED":
            made.passed += result["outcome"] == "PASSED"
            continue
        stage, path, source, skips = places.of(result)
        finding = Finding(path, source, result["id"], result["text"], _dotted(result["keys"]))
        covering = [skip for skip in skips if skip.covers(finding.check, stage)]
        for skip in covering:
            used.setdefault(skip, set()).add(stage)
            made.suppressed[finding] = skip.reason
        if not covering:
            stages = failed.setdefault(finding, [])
            stages += [stage] if stage not in stages else []
    findings = (replace(finding, stages=tuple(stages)) for finding, stages in failed.items())
    made.findings = sorted(findings, key=lambda finding: (_order(finding.source), finding.check, finding.path))
    if complete:
        made.comments = sorted(line for skip in places.skips() if (line := _unused(skip, used.get(skip, set()))))
    return made


class _Places:
    """The blocks of the stacks and the Containerfiles, with the comments at their lines."""

    def __init__(self, syntheses: Mapping[str, Synthesis], containerfiles: Mapping[Path, str]) -> None:
        self._stacks = {
            str(stack.folder / "cdk.tf.json"): (stage, stack)
            for stage, synthesis in syntheses.items()
            for stack in synthesis.values()
        }
        self._containerfiles = {str(path): CommentedFile(name, path) for path, name in containerfiles.items()}
        self._files: dict[str, CommentedFile] = {}

    def of(self, result: Mapping[str, Any]) -> tuple[str, str, str, list[Skip]]:
        """Return stage, construct path, file and line of a result, and the comments there."""
        if file := self._containerfiles.get(result["file"]):
            # For all stages.
            return "", "", f"{file.name}:{result['line']}", file.skips()
        stage, stack = self._stacks[result["file"]]
        block = stack.block(result["address"])
        path = block.path if block and block.source else _provider(stack, result["address"])
        parts = path.split("/")
        sources = [stack.sources.get("/".join(parts[:end]), "") for end in range(1, len(parts) + 1)]
        lines = [(name, int(number)) for name, _, number in (each.rpartition(":") for each in sources) if name]
        return stage, path, sources[-1], [skip for name, line in lines for skip in self._file(name, stack).beside(line)]

    def skips(self) -> Iterator[Skip]:
        """Yield all comments in the sources of the stacks and in the Containerfiles."""
        for _, stack in self._stacks.values():
            for source in stack.sources.values():
                if name := source.rpartition(":")[0]:
                    self._file(name, stack)
        for file in (*self._files.values(), *self._containerfiles.values()):
            yield from file.skips()

    def _file(self, name: str, stack: Stack) -> CommentedFile:
        return self._files.setdefault(name, CommentedFile(name, stack.root / name))


def _unused(skip: Skip, used: set[str]) -> str:
    """Return why a comment has no effect in some stage, given those in which it suppressed a finding; "" if it has."""
    written = f"{skip.place}: checkov:skip={skip.check}"
    if not skip.reason:
        return f"{written} has no reason; write `# checkov:skip={skip.check}: REASON`"
    if not used:
        return f"{written} suppresses nothing: the check passes there or does not exist; remove the comment"
    unused = [stage for stage in skip.stages if stage not in used]
    return f"{written} suppresses nothing in {', '.join(unused)}; remove these stages" if unused else ""


def _provider(stack: Stack, address: str) -> str:
    """Return the construct path of a provider: of the only construct with its name, since the JSON does not have it."""
    name = address.removeprefix("provider.").lower()
    paths = [path for path in stack.sources if path.startswith(f"{stack.name}/") and path.lower().endswith(f"/{name}")]
    return paths[0] if len(paths) == 1 else f"{stack.name}/{address}"


def _dotted(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the paths of arguments as users write them: `dead_letter_config.target_arn`."""
    paths = (".".join(re.findall(r"[A-Za-z_][\w-]*", key)) for key in keys)
    return tuple(dict.fromkeys(path for path in paths if path))


def _order(source: str) -> tuple[str, int]:
    name, _, number = source.rpartition(":")
    return name, int(number) if number else 0
