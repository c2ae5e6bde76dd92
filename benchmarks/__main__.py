"""Measure everything: `python -m benchmarks [--quick] [--runs N] [--out FOLDER] [synthesis|image|deployment ...]`."""

from __future__ import annotations

import argparse
import platform
import tempfile
from pathlib import Path

from benchmarks import deployment, image, report, synthesis
from benchmarks.bench import PROJECT, Bench, environment
from benchmarks.figure import Figure
from cdktf_harness.synthesis.app import find_app

PARTS = {"synthesis": synthesis.figures, "image": image.figures, "deployment": deployment.figures}


def main() -> None:
    """Measure the parts that the arguments name, print the table, write the files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="what to measure; all when none is named")
    parser.add_argument("--quick", action="store_true", help="run every path once, to see that it works")
    parser.add_argument("--runs", type=int, default=5, help="rounds")
    parser.add_argument("--out", type=Path, help="folder of results.json and results.svg; none: only print")
    options = parser.parse_args()
    architecture = "x86_64" if platform.machine() == "x86_64" else "arm64"
    machine = report.machine()
    with tempfile.TemporaryDirectory(prefix="ontra-bench-") as folder:
        root = Path(folder).resolve() / "ontra"
        find_app(PROJECT).copy(root)
        bench = Bench(root, 1 if options.quick else options.runs, options.quick, environment(architecture))
        figures: list[Figure] = []
        for part in options.parts or PARTS:
            figures += PARTS[part](bench)
    report.show(figures, machine)
    if options.out:
        report.write(figures, machine, options.out)


if __name__ == "__main__":
    main()
