"""Measure and draw what README shows: times with a chart, or the picture of a terminal."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks import draw
from benchmarks.figures import figures
from benchmarks.measure import PROJECT, Bench, environment
from cdktf_harness.synthesis.app import find_app


def main() -> None:
    """Measure everything, print the table and write the files, or draw one picture."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("picture", nargs="?", choices=("terminal",), help="only draw this picture")
    parser.add_argument("--quick", action="store_true", help="run every path once, as a test")
    parser.add_argument("--out", type=Path, help="folder for results.json and results.svg; default: only print")
    options = parser.parse_args()
    if options.picture:
        draw.terminal(PROJECT / "docs")
        return
    with tempfile.TemporaryDirectory(prefix="ontra-bench-") as folder:
        root = Path(folder).resolve() / "ontra"
        find_app(PROJECT).copy(root)
        found = list(figures(Bench(root, 1 if options.quick else 5, options.quick, environment())))
    draw.table(found)
    if options.out:
        draw.results(found, options.out)


if __name__ == "__main__":
    main()
