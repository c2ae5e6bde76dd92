"""What the daily commands print for a person; coloured on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from cdktf_harness.operations.invoke import Invocation
from cdktf_harness.operations.logs import Event
from cdktf_harness.operations.releases import Release
from cdktf_harness.operations.status import Status

if TYPE_CHECKING:
    # Imported by its command only: it needs the engine's client.
    from cdktf_harness.operations.doctor import Finding

_LEVELS = {"ERROR": "red", "FATAL": "red", "CRITICAL": "red", "WARN": "yellow", "WARNING": "yellow", "DEBUG": "dim"}
_STATES = {"OK": "green", "ALARM": "red"}
# Of a line of Lambda's JSON logs, what is printed before the other values (Lambda guide, "Log formats").
_SHOWN = {"timestamp", "time", "level", "message", "requestId", "type", "record"}


def _console() -> Console:
    # For each use: tests and pipes change standard output.
    return Console(highlight=False, soft_wrap=True)


def outputs(outputs: Mapping[str, Mapping[str, Any]]) -> None:
    """A line for each output."""
    _rows((f"{stack}.{name}", _text(value)) for stack, values in outputs.items() for name, value in values.items())


def status(status: Status) -> None:
    """A line for each fact."""
    rows = []
    if status.url:
        answer = f"[red]{escape(status.health)}[/red]" if status.health else "[green]answers[/green]"
        rows += [("URL", escape(status.url)), ("health", f"{answer} in {status.milliseconds} ms")]
    if release := status.release:
        rows += [
            ("version", f"{release.version}, published {status.age} ago"),
            ("digest", release.digest or "none: the function does not run an image"),
            ("commit", release.commit or "unknown"),
        ]
    if status.canary:
        rows.append(("canary", f"[yellow]{status.canary}[/yellow]"))
    for name, state in status.alarms.items():
        colour = _STATES.get(state, "yellow")
        rows.append((f"alarm {escape(name)}", f"[{colour}]{state}[/{colour}]"))
    rows += [(name, f"unknown: [dim]add `{name}` to the table in pyproject.toml[/dim]") for name in status.missing]
    _rows(rows, markup=True)


def releases(found: Sequence[Release]) -> None:
    """A line for each release."""
    for release in found:
        mark = "[green]live[/green]" if release.live else "    "
        state = "[yellow]gone[/yellow]  " if not release.kept else "[yellow]undone[/yellow]" if release.undone else ""
        state = state or ("good  " if release.good else " " * 6)
        when = release.time.astimezone().strftime("%Y-%m-%d %H:%M")
        _console().print(f"{mark}  {release.version:>4}  {when}  {state}  {release.digest}  {escape(release.commit)}")


def finding(finding: Finding) -> None:
    """A line for what was found, and one for what to do."""
    mark = "[red]✗[/red]" if finding.grave else "[yellow]![/yellow]" if finding.fix else "[green]✓[/green]"
    _console().print(f"{mark} {escape(f'{finding.name}: {finding.said}')}")
    if finding.fix:
        _console().print(f"  fix: {escape(finding.fix)}")


def event(event: Event) -> None:
    """A line for an event; of JSON, what a person looks for first."""
    try:
        content = json.loads(event.message)
    except ValueError:
        content = None
    when = event.time.astimezone().strftime("%H:%M:%S.%f")[:-3]
    if not isinstance(content, dict):
        _console().print(f"[dim]{when}[/dim] {escape(event.message)}")
        return
    found = content.get("record")
    record = found if isinstance(found, dict) else {}
    request = str(content.get("requestId") or record.get("requestId") or "")
    level = str(content.get("level") or ("" if "type" not in content else "PLATFORM"))
    colour = _LEVELS.get(level.upper(), "dim" if "type" in content else "green")
    message = content.get("message", content.get("type", ""))
    others = {name: value for name, value in content.items() if name not in _SHOWN}
    others |= {name: value for name, value in record.items() if name != "requestId"}
    extra = " ".join(f"{name}={_text(value)}" for name, value in others.items())
    parts = [f"[dim]{when}[/dim]", f"[{colour}]{escape(level or '-'):<8}[/{colour}]"]
    parts += [f"[cyan]{escape(request)}[/cyan]"] if request else []
    parts += [escape(_text(message)), f"[dim]{escape(extra)}[/dim]" if extra else ""]
    _console().print(" ".join(filter(None, parts)))


def invocation(answer: Invocation) -> None:
    """The answer, then the function's log."""
    console = _console()
    colour, word = ("red", answer.error) if answer.error else ("green", "ok")
    console.print(
        f"[{colour}]{escape(word)}[/{colour}] {answer.milliseconds} ms, version {answer.version or 'unknown'}, "
        f"request {answer.request_id}"
    )
    console.print(
        escape(_text(answer.payload) if isinstance(answer.payload, str) else json.dumps(answer.payload, indent=2))
    )
    for line in answer.log.splitlines():
        console.print(f"[dim]{escape(line)}[/dim]")


def _rows(rows: Iterable[tuple[str, ...]], *, markup: bool = False) -> None:
    found = [row if markup else tuple(map(escape, row)) for row in rows]
    width = max((len(name) for name, *_ in found), default=0)
    # One line a row, however narrow the terminal is: a long digest is copied whole.
    for name, *values in found:
        _console().print(f"{name:<{width}}  {'  '.join(values)}")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
