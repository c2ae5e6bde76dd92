"""Measure and draw: `python -m benchmarks [--quick] [--runs N] [--out FOLDER] [--draw]`."""

from __future__ import annotations

import argparse
import platform
import tempfile
from pathlib import Path

from benchmarks import draw
from benchmarks.figures import figures
from benchmarks.measure import PROJECT, Bench, environment
from cdktf_harness.synthesis.app import find_app


def main() -> None:
    """Measure everything, print the table, write the files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="run every path once, to see that it works")
    parser.add_argument("--runs", type=int, default=5, help="rounds")
    parser.add_argument("--out", type=Path, help="folder of results.json and results.svg; none: only print")
    parser.add_argument("--draw", action="store_true", help="only draw results.svg from results.json in --out")
    options = parser.parse_args()
    if options.draw:
        draw.draw(options.out)
        return
    architecture = "x86_64" if platform.machine() == "x86_64" else "arm64"
    machine = draw.machine()
    with tempfile.TemporaryDirectory(prefix="ontra-bench-") as folder:
        root = Path(folder).resolve() / "ontra"
        find_app(PROJECT).copy(root)
        runs = 1 if options.quick else options.runs
        found = list(figures(Bench(root, runs, options.quick, environment(architecture))))
    draw.show(found, machine)
    if options.out:
        draw.write(found, machine, options.out)


if __name__ == "__main__":
    main()
