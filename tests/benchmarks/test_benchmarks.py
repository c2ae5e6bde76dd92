"""The benchmark runs; its times are not tested."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from checkout import PROJECT


@pytest.mark.docker
def test_every_figure_is_measured_and_written(tmp_path: Path) -> None:
    """One round of everything leaves the table, the JSON and the chart, and no figure without a value."""
    command = [sys.executable, "-m", "benchmarks", "--quick", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads((tmp_path / "results.json").read_text())["figures"]
    assert len(figures) == 11
    assert all(len(figure["ours"]) >= 1 for figure in figures)
    assert (tmp_path / "results.svg").read_text().startswith("<svg ")
    # The table is as wide as the terminal, and wraps names where that is narrow.
    assert "watch" in done.stdout
