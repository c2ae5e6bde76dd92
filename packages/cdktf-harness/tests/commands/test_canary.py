"""A canary that is refused before anything is deployed; `tests/e2e` has those that get calls."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.operations import canary
from cdktf_harness.project.project import find
from cdktf_harness.system.errors import HarnessError

TABLE = (
    '[tool.cdktf-harness]\nstacks = ["a"]\nsettings_prefix = "APP_"\ncanary_setting = "canary"\nalarms = "a.alarms"\n'
)


@pytest.mark.parametrize("share", ["2", "1", "-0.1", "nan", "many"])
def test_a_canary_needs_a_share_below_one_and_an_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: str
) -> None:
    """Otherwise it is refused before any call."""
    (tmp_path / "cdktf.json").write_text('{"language": "python", "app": "python main.py"}')
    (tmp_path / "pyproject.toml").write_text(TABLE)
    (tmp_path / "local").mkdir()
    (tmp_path / "local/outputs.json").write_text(json.dumps({"a": {"alarms": []}}))
    deployment = LocalDeployment(find(tmp_path), tmp_path / "local")
    with pytest.raises(HarnessError, match=r"^no alarm is deployed, .*: deploy without one by APP_CANARY=0$"):
        canary.deploy(deployment, {"": "1"})
    monkeypatch.setenv("APP_CANARY", share)
    with pytest.raises(HarnessError, match=f"^canary: got '{share}'; it must be a number below 1, such as 0.1"):
        canary.main_versions(deployment)
