"""The output of the daily commands for people, with colours on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from cdktf_harness.operations.cost import Estimate
from cdktf_harness.operations.doctor import Diagnosis
from cdktf_harness.operations.invoke import Invocation
from cdktf_harness.operations.logs import LogEvent
from cdktf_harness.operations.releases import Release
from cdktf_harness.operations.status import Status, age

_LEVELS = {"ERROR": "red", "FATAL": "red", "CRITICAL": "red", "WARN": "yellow", "WARNING": "yellow", "DEBUG": "dim"}
_STATES = {"OK": "green", "ALARM": "red"}
# The keys of Lambda's JSON logs that are not printed as NAME=VALUE (Lambda guide, "Log formats").
_SHOWN = {"timestamp", "time", "level", "message", "requestId", "type", "record"}


def _print(line: str) -> None:
    # A console for each line, since tests and pipes change standard output. It does not wrap: digests are copied whole.
    Console(highlight=False, soft_wrap=True).print(line)


def outputs(outputs: Mapping[str, Mapping[str, Any]]) -> None:
    """Print a line for each output."""
    _rows(
        (f"{stack}.{name}", escape(_text(value))) for stack, named in outputs.items() for name, value in named.items()
    )


def status(status: Status) -> None:
    """Print a line for each fact."""
    rows = []
    if status.url:
        answer = f"[red]{escape(status.health)}[/red]" if status.health else "[green]answers[/green]"
        rows += [("URL", escape(status.url)), ("health", f"{answer} in {status.milliseconds} ms")]
    for name, (release, canary) in status.functions.items():
        of = f"{name} " if name else ""
        rows += [
            (f"{of}version", f"{release.version}, published {age(release.time)} ago"),
            (f"{of}digest", release.digest or "none: the function does not run an image"),
            (f"{of}commit", escape(release.commit) or "unknown"),
            *([(f"{of}canary", f"[yellow]{canary}[/yellow]")] if canary else []),
        ]
    for name, state in status.alarms.items():
        rows.append((f"alarm {name}", f"[{(colour := _STATES.get(state, 'yellow'))}]{state}[/{colour}]"))
    rows += [(name, f"unknown: [dim]add `{name}` to the table in pyproject.toml[/dim]") for name in status.missing]
    _rows(rows)


def heading(function: str) -> None:
    """Print the name of a function above what follows, if the app has several."""
    if function:
        _print(f"[bold]{escape(function)}[/bold]")


def releases(found: Sequence[Release]) -> None:
    """Print a line for each release."""
    for release in found:
        mark = "[green]live[/green]" if release.live else "    "
        state = "gone" if not release.kept else "undone" if release.undone else "good" if release.good else ""
        colour = "default" if state == "good" else "yellow"
        when = release.time.astimezone().strftime("%Y-%m-%d %H:%M")
        facts = f"{mark}  {release.version:>4}  {when}  [{colour}]{state:<6}[/{colour}]"
        _print(f"{facts}  {release.digest}  {escape(release.commit)}")


def cost(found: Estimate) -> None:
    """Print a line for each construct that costs something, their sum, and those without a price."""
    paid = [one for one in found.costs if one.month or one.million or one.usage]
    width = max((len(one.path) for one in paid), default=0)
    print(f"{'USD':<{width}} {'a month':>8} {'a million requests':>19}")
    for one in (*paid, found.total()):
        print(f"{one.path:<{width}} {one.month:8.2f} {one.million:19.2f}  {one.usage}".rstrip())
    for line in found.unknown:
        print(f"not priced: {line}")
    print(f"{found.source}; without data transfer, free tiers and discounts")


def diagnosis(found: Diagnosis) -> None:
    """Print the result, and a line with what to do."""
    mark = "[red]✗[/red]" if found.fatal else "[yellow]![/yellow]" if found.fix else "[green]✓[/green]"
    _print(f"{mark} {escape(f'{found.name}: {found.result}')}")
    if found.fix:
        _print(f"  fix: {escape(found.fix)}")


def log_event(event: LogEvent) -> None:
    """Print a line for an event; of JSON, level, request and message first."""
    try:
        content = json.loads(event.message)
    except ValueError:
        content = None
    when = f"[dim]{event.time.astimezone().strftime('%H:%M:%S.%f')[:-3]}[/dim]"
    when += f" [magenta]{escape(event.function)}[/magenta]" if event.function else ""
    if not isinstance(content, dict):
        _print(f"{when} {escape(event.message)}")
        return
    record = content["record"] if isinstance(content.get("record"), dict) else {}
    request = content.get("requestId") or record.get("requestId") or ""
    level = str(content.get("level") or ("PLATFORM" if "type" in content else "-"))
    colour = _LEVELS.get(level.upper(), "dim" if "type" in content else "green")
    others = {**{name: value for name, value in content.items() if name not in _SHOWN}, **record}
    parts = [
        f"[{colour}]{escape(level):<8}[/{colour}]",
        f"[cyan]{escape(_text(request))}[/cyan]" if request else "",
        escape(_text(content.get("message", content.get("type", "")))),
        *(f"[dim]{escape(f'{name}={_text(value)}')}[/dim]" for name, value in others.items() if name != "requestId"),
    ]
    _print(" ".join([when, *filter(None, parts)]))


def invocation(answer: Invocation) -> None:
    """Print the answer, then the function's log."""
    word = f"[red]{escape(answer.error)}[/red]" if answer.error else "[green]ok[/green]"
    version = answer.version or "unknown"
    _print(f"{word} {answer.milliseconds} ms, version {version}, request {answer.request_id}")
    _print(escape(answer.payload if isinstance(answer.payload, str) else json.dumps(answer.payload, indent=2)))
    for line in answer.log.splitlines():
        _print(f"[dim]{escape(line)}[/dim]")


def _rows(rows: Iterable[tuple[str, str]]) -> None:
    """Print names and values, which may have markup, in two columns."""
    found = list(rows)
    width = max((len(name) for name, _ in found), default=0)
    for name, value in found:
        _print(f"{escape(name):<{width}}  {value}")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
