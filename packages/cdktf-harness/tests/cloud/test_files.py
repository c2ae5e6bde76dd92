"""The embedded cloud writes its files in folders that other users cannot write to."""

from __future__ import annotations

from pathlib import Path

from cdktf_harness.cloud import Cloud
from cdktf_harness.cloud.ports import reserved


def test_a_link_that_somebody_planted_is_not_followed(tmp_path: Path) -> None:
    """ministack writes its pid to a file named after the port; in /tmp, anybody could create that name as a link."""
    with reserved(0) as port:
        pass
    victim, link = tmp_path / "victim", Path("/tmp") / f"ministack-{port}.pid"
    victim.write_text("precious")
    link.symlink_to(victim)
    cloud = Cloud(tmp_path / "cloud")
    try:
        cloud.start(port=port)
        assert victim.read_text() == "precious"
        own = cloud.folder / "tmp"
        assert (own / link.name).is_file()
        assert {folder.stat().st_mode & 0o777 for folder in (cloud.folder, own)} == {0o700}
    finally:
        cloud.stop()
        link.unlink()
