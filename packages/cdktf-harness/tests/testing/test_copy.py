"""A copy of an app has its sources."""

from __future__ import annotations

import os
from pathlib import Path

from cdktf_harness.synthesis.app import find_app

from .conftest import APP


def test_what_cannot_be_copied_is_left_out(tmp_path: Path) -> None:
    """FIFOs are left out; links stay links, even broken ones."""
    app = find_app(APP).copy(tmp_path / "app")
    os.mkfifo(app.root / "fifo")
    (app.root / "link").symlink_to("nowhere")
    copy = app.copy(tmp_path / "copy")
    assert (copy.root / "link").is_symlink()
    assert {path.name for path in app.root.iterdir()} - {path.name for path in copy.root.iterdir()} == {"fifo"}
