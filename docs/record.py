"""Write make-local.svg, what a terminal shows of a deployment, an edit and the end: `python docs/record.py`.

It runs the commands for real in this checkout, where nothing is deployed yet, and takes the edit back.
"""

from __future__ import annotations

import subprocess
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

PROJECT = Path(__file__).resolve().parents[1]
APP = PROJECT / "lambda_image" / "app.py"
EDIT = ("The current epoch time", "Seconds since 1970")


def main() -> None:
    """Record the commands of README."""
    console = Console(record=True, width=110, file=StringIO(), highlight=False)
    before = APP.read_text()
    try:
        _show(console, "make", "local")
        APP.write_text(before.replace(*EDIT))
        console.print(f"\n[bold green]$[/] sed -i 's/{EDIT[0]}/{EDIT[1]}/' {APP.relative_to(PROJECT)}")
        _show(console, "make", "local")
    finally:
        APP.write_text(before)
        _show(console, "make", "local-down")
    console.save_svg(str(Path(__file__).with_name("make-local.svg")), title="ontra", theme=DIMMED_MONOKAI)


def _show(console: Console, *command: str) -> None:
    console.print(f"[bold green]$[/] {' '.join(command)}")
    done = subprocess.run(command, cwd=PROJECT, check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    for line in done.stdout.splitlines():
        console.print(Text(line, style="green" if line.startswith("✓") else ""))


if __name__ == "__main__":
    main()
