"""The results as a table, as JSON and as a chart, and the pictures of a terminal and of the dashboard."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from benchmarks.measure import APP, PROJECT, Figure, output

EDIT = ("The current epoch time", "Seconds since 1970")
# The load is the one before the measurement.
MACHINE = (
    f"{os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.0f}"
)
STACK = PROJECT / "tests/snapshot/__snapshots__/test_stacks/test_synthesized_stack[prod-api].json"
# Pixels of a unit of CloudWatch's grid, and around the content of a widget.
UNIT, SPACE = 32, 10
SIZES = (("x", "width"), ("y", "height"))
COLOURS = ("#1f77b4", "#ff7f0e")
# Values before and in an incident, which begins in the minute 40 of 60.
BEFORE = {"requests": 900, "4xx": 6, "calls": 900, "p50": 14, "p99": 180}
THEN = {"requests": 850, "5xx": 120, "4xx": 8, "calls": 850, "errors": 120, "throttles": 0, "p50": 22, "p99": 2600}
STYLE = "text{font:12px sans-serif}.t{font-weight:bold}.a{font-size:10px;fill:#545b64}.g{fill:none;stroke-width:1.5}"


def table(figures: Sequence[Figure]) -> None:
    """Print the table: median (lowest-highest) of all runs."""
    rows = Table("figure", "ours", "peer", "ratio", "goal", caption=MACHINE)
    for each in figures:
        peer = f"{_spread(each.peer, each.unit)} {each.peer_name}" if each.peer else ""
        ratio, goal = ("" if value is None else f"{value:.3g}" for value in (each.ratio, each.goal))
        rows.add_row(each.name, _spread(each.ours, each.unit), peer, ratio, goal)
    Console().print(rows)


def results(figures: Sequence[Figure], folder: Path) -> None:
    """Write results.json, with four digits, and results.svg into `folder`."""
    import pygal  # type: ignore[import-untyped]  # slow

    documents = [{**asdict(each), "median": statistics.median(each.ours), "ratio": each.ratio} for each in figures]
    document = {"machine": MACHINE, "date": datetime.now(UTC).date().isoformat(), "figures": documents}
    rounded = json.loads(json.dumps(document), parse_float=lambda text: round(float(text), 4))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(rounded, indent=1) + "\n")
    # Seconds beside the stock way, and from an edit to its effect. The first bar is the lowest.
    shown = [each for each in figures[::-1] if each.unit == "s" and ("stock" in each.peer_name or "edit" in each.name)]
    sizes = dict.fromkeys(("label_font_size", "legend_font_size", "value_font_size", "title_font_size"), 13)
    bars = pygal.HorizontalBar(
        style=pygal.style.CleanStyle(font_family="sans-serif", **sizes),
        width=800,
        height=80 + 60 * len(shown),
        js=(),
        # Beside the end of a bar, where stock pygal prints across it.
        css=("file://style.css", "file://graph.css", "inline:{{ id }}.text-overlay text.value{text-anchor:start}"),
        title="Seconds, median",
        truncate_label=-1,
        show_x_labels=False,
        print_values_position="top",
        formatter=lambda seconds: f"{seconds:.1f}",
        **dict.fromkeys(("disable_xml_declaration", "legend_at_bottom", "print_values"), True),
    )
    bars.x_labels = [each.name for each in shown]
    bars.add("stock", [statistics.median(each.peer) if "stock" in each.peer_name else None for each in shown])
    bars.add("ours", [statistics.median(each.ours) for each in shown])
    (folder / "results.svg").write_text(str(bars.render(is_unicode=True)))


def _spread(values: Sequence[float], unit: str) -> str:
    return f"{statistics.median(values):.4g} ({min(values):.4g}-{max(values):.4g}) {unit}"


def terminal(folder: Path) -> None:
    """Deploy in this checkout, edit, deploy, undo the edit, remove; draw what that prints: make-local.svg."""
    console = Console(record=True, width=110, file=StringIO(), highlight=False)
    before = (PROJECT / APP).read_text()
    try:
        _show(console, "make local")
        (PROJECT / APP).write_text(before.replace(*EDIT))
        console.print(f"\n[bold green]$[/] sed -i 's/{EDIT[0]}/{EDIT[1]}/' {APP}")
        _show(console, "make local")
    finally:
        (PROJECT / APP).write_text(before)
        _show(console, "make local-down")
    console.save_svg(str(folder / "make-local.svg"), title="ontra", theme=DIMMED_MONOKAI)


def _show(console: Console, command: str) -> None:
    console.print(f"[bold green]$[/] {command}")
    for line in output(*command.split(), cwd=PROJECT).splitlines():
        console.print(Text(line, style="green" if line.startswith("✓") else ""))


def dashboard(folder: Path) -> None:
    """Draw the dashboard of the reviewed stack: dashboard.svg in `folder`."""
    (found,) = json.loads(STACK.read_text())["resource"]["aws_cloudwatch_dashboard"].values()
    widgets = json.loads(found["dashboard_body"])["widgets"]
    width, height = (UNIT * max(each[at] + each[size] for each in widgets) for at, size in SIZES)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}">'
    back = f'<style>{STYLE}</style>\n<rect width="{width}" height="{height}" fill="#f2f3f3"/>'
    parts = [svg, back, *(part for each in widgets for part in _widget(each)), "</svg>\n"]
    (folder / "dashboard.svg").write_text("\n".join(parts))


def _widget(widget: dict[str, Any]) -> Iterator[str]:
    x, y, width, height = (UNIT * widget[key] for key in ("x", "y", "width", "height"))
    properties = widget["properties"]
    yield f'<g transform="translate({x},{y})">'
    yield f'<rect x="2" y="2" width="{width - 4}" height="{height - 4}" fill="#fff" stroke="#d5dbdb"/>'
    yield f'<text class="t" x="{SPACE}" y="{2 * SPACE}">{escape(properties["title"])}</text>'
    if widget["type"] == "alarm":
        yield from _alarms(properties["alarms"], (width - SPACE) // len(properties["alarms"]))
    else:
        yield from _graph([metric[-1]["label"] for metric in properties["metrics"]], width, height)
    yield "</g>"


def _alarms(alarms: list[str], width: int) -> Iterator[str]:
    for x, alarm in zip(range(SPACE, SPACE + width * len(alarms), width), alarms, strict=True):
        # ${aws_cloudwatch_metric_alarm.monitoring_alarms_api-errors_0123ABCD.arn}
        name = alarm.split("_")[-2]
        state, colour = ("In alarm", "#d13212") if name in ("errors", "api-errors") else ("OK", "#1d8102")
        yield f'<rect x="{x}" y="30" width="{width - SPACE}" height="44" rx="3" fill="{colour}"/>'
        yield f'<text x="{x + SPACE}" y="57" fill="#fff">{escape(name)}: {state}</text>'


def _graph(labels: list[str], width: int, height: int) -> Iterator[str]:
    left, right, floor = 4 * SPACE, width - 2 * SPACE, height - 5 * SPACE
    # The next 1, 2 or 5 with zeros above all values.
    most = max(10, *(1.05 * max(BEFORE.get(label, 0), THEN[label]) for label in labels))
    top = next(tick for zeros in range(9) for digit in (1, 2, 5) if (tick := digit * 10**zeros) >= most)

    def level(value: int) -> str:
        return format(floor - (floor - 4 * SPACE) * value / top, ".0f")

    for tick in (0, top // 2, top):
        yield f'<path d="M{left} {level(tick)}H{right}" stroke="{"#eaeded" if tick else "#aab7b8"}"/>'
        yield f'<text class="a" x="{left - 4}" y="{level(tick)}" dy="4" text-anchor="end">{tick:,}</text>'
    places = [left + (right - left) * third // 3 for third in range(4)]
    for x, time in zip(places, ("14:00", "14:20", "14:40", "15:00"), strict=True):
        yield f'<text class="a" x="{x}" y="{floor + 15}" text-anchor="middle">{time}</text>'
    for label, colour, x in zip(labels, COLOURS, (left, left + 100), strict=False):
        before, then = level(BEFORE.get(label, 0)), level(THEN[label])
        yield f'<path class="g" stroke="{colour}" d="M{left} {before}H{places[2]}L{places[2] + 4} {then}H{right}"/>'
        yield f'<text x="{x}" y="{height - SPACE - 1}" fill="{colour}">{escape(label)}</text>'
