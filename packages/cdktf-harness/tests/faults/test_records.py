"""Damaged records of a deployment: one line names the file, and `down` still works."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commands.conftest import harness
from commands.running import write_app

# What a deployment keeps, intact, after a restart of the machine.
PROCESS = {"pid": 2**22 - 1, "started": 1.5}
FILES: dict[str, Any] = {
    "cloud/cloud.json": {"port": 4567, "host": "here", "folder": "/nowhere", **PROCESS},
    "environment.json": {"AWS_ENDPOINT_URL": "http://localhost:4567", "PATH": "/bin", "CDKTF_OUTPUT": "/nowhere"},
    "outputs.json": {"hello": {"said": "hello"}},
    "sources.json": {"hello": "main.py:1"},
}
# What is in one of them instead.
DAMAGED: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "half of it": lambda good: json.dumps(good).encode()[:-9],
    "no text": lambda good: b"\xff\x00",
    "lists": lambda good: json.dumps({name: [value] for name, value in good.items()}).encode(),
}


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small app; without an engine, which would be asked each time."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    return write_app(tmp_path)


@pytest.mark.parametrize("damage", DAMAGED)
@pytest.mark.parametrize("damaged", FILES)
def test_a_damaged_record_is_one_line(app: Path, damaged: str, damage: str) -> None:
    """Commands answer or say in one line what is wrong, never with a traceback; `down` leaves nothing."""
    folder = app / ".cdktf-harness" / "local"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(content))
    (folder / damaged).write_bytes(DAMAGED[damage](FILES[damaged]))
    for command in ("get", "env", "diff"):
        done = harness(app, command)
        assert done.returncode in (0, 1)
        assert done.returncode == 0 or re.fullmatch("error: .*\n", done.stderr), done.stderr
    done = harness(app, "down")
    assert (done.returncode, list(app.glob(".cdktf-harness"))) == (0, []), done.stderr
