"""The results as a table, as JSON, and as a chart."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path

import pygal  # type: ignore[import-untyped]
from rich.console import Console
from rich.table import Table

from benchmarks.measure import Figure


def machine() -> str:
    """Describe this machine in one line."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} x {next(names, platform.machine())}, {memory:.0f} GB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the start"
    )


def show(figures: Sequence[Figure], machine: str) -> None:
    """Print the table: median (lowest-highest) of all runs."""
    table = Table("figure", "ours", "peer", "ratio", "limit", "met", caption=machine)
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        peer = f"{_spread(figure.peer, figure.unit)} {figure.peer_name}" if figure.peer else ""
        limits = [f"{figure.limit:g} {figure.unit}"] if figure.limit is not None else []
        limits += [f"ratio {figure.limit_ratio:.2g}"] if figure.limit_ratio is not None else []
        met = {True: "yes", False: "no", None: ""}[figure.met]
        table.add_row(figure.name, _spread(figure.ours, figure.unit), peer, ratio, ", ".join(limits), met)
    Console().print(table)


def write(figures: Sequence[Figure], machine: str, folder: Path) -> None:
    """Write results.json and results.svg into `folder`."""
    documents = [{**asdict(each), "median": each.median, "ratio": each.ratio, "met": each.met} for each in figures]
    document = {"machine": machine, "date": datetime.now(UTC).date().isoformat(), "figures": documents}
    # With four digits.
    rounded = json.loads(json.dumps(document), parse_float=lambda text: round(float(text), 4))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(rounded, indent=1) + "\n")
    draw(folder)


def draw(folder: Path) -> None:
    """Draw results.svg from results.json: seconds, ours beside the stock way, and from an edit to its effect."""
    names = {field.name for field in fields(Figure)}
    documents = json.loads((folder / "results.json").read_text())["figures"]
    figures = [Figure(**{name: value for name, value in each.items() if name in names}) for each in documents]
    # The first bar is the lowest.
    shown = [
        each for each in reversed(figures) if each.unit == "s" and ("stock" in each.peer_name or "edit" in each.name)
    ]
    style = pygal.style.CleanStyle(
        font_family="sans-serif", label_font_size=13, legend_font_size=13, value_font_size=13, title_font_size=13
    )
    chart = pygal.HorizontalBar(
        style=style,
        width=800,
        height=80 + 60 * len(shown),
        js=(),
        # Beside the end of a bar, where stock pygal prints across it.
        css=("file://style.css", "file://graph.css", "inline:{{ id }}.text-overlay text.value{text-anchor:start}"),
        title="Seconds, median",
        legend_at_bottom=True,
        truncate_label=-1,
        show_x_labels=False,
        print_values=True,
        print_values_position="top",
        formatter=lambda seconds: f"{seconds:.1f}",
        disable_xml_declaration=True,
    )
    chart.x_labels = [each.name for each in shown]
    chart.add("stock", [statistics.median(each.peer) if "stock" in each.peer_name else None for each in shown])
    chart.add("ours", [each.median for each in shown])
    (folder / "results.svg").write_text(str(chart.render(is_unicode=True)))


def _spread(values: Sequence[float], unit: str) -> str:
    low, middle, high = min(values), statistics.median(values), max(values)
    digits = 0 if middle >= 100 else 1 if middle >= 10 else 2
    return f"{middle:.{digits}f} ({low:.{digits}f}-{high:.{digits}f}) {unit}"
