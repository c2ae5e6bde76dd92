"""The results as a table, as JSON, and as a chart."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pygal  # type: ignore[import-untyped]
from rich.console import Console
from rich.table import Table

from benchmarks.figure import Figure

COLUMNS = ("figure", "ours", "stock or peer", "ratio", "limit", "met")


def machine() -> str:
    """Describe this machine in one line."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} x {model}, {memory:.0f} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {load:.1f} at the start"
    )


def show(figures: Sequence[Figure], machine: str) -> None:
    """Print the table: median (lowest-highest) of all runs."""
    table = Table(*COLUMNS, caption=machine)
    for figure in figures:
        table.add_row(*figure.row())
    Console().print(table)


def write(figures: Sequence[Figure], machine: str, folder: Path) -> None:
    """Write results.json and results.svg into `folder`."""
    document = {
        "machine": machine,
        "date": datetime.now(UTC).date().isoformat(),
        "figures": [figure.document() for figure in figures],
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(document, indent=1) + "\n")
    (folder / "results.svg").write_text(_chart([f for f in figures if f.unit == "s" and "stock" in f.peer_name]))


def _chart(figures: Sequence[Figure]) -> str:
    """Bars of seconds, ours beside the stock way, which was measured in the same rounds."""
    style = pygal.style.CleanStyle(
        font_family="sans-serif", label_font_size=13, legend_font_size=13, value_font_size=13, title_font_size=13
    )
    chart = pygal.HorizontalBar(
        style=style,
        width=800,
        height=80 + 60 * len(figures),
        js=(),
        # Beside the end of a bar, where stock pygal prints across it.
        css=("file://style.css", "file://graph.css", "inline:{{ id }}.text-overlay text.value{text-anchor:start}"),
        title="Seconds, median of five rounds",
        legend_at_bottom=True,
        truncate_label=-1,
        show_x_labels=False,
        print_values=True,
        print_values_position="top",
        value_formatter=lambda seconds: f"{seconds:.1f}",
        disable_xml_declaration=True,
    )
    # The first bar is the lowest.
    shown = list(reversed(figures))
    chart.x_labels = [figure.name for figure in shown]
    chart.add("stock", [statistics.median(figure.peer) for figure in shown])
    chart.add("ours", [figure.median for figure in shown])
    return str(chart.render(is_unicode=True))
