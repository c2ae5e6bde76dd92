"""The results as a table, as JSON and as a chart, and the picture of a terminal."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

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
