"""Terraform's state: one for each stage and stack, and none that is silently ignored."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cdktf import App, TerraformStack

from cdktf_lambda_api.state import StateError
from stacks import settings
from stacks.settings import SettingsError
from stacks.state import keep_state

RESOURCE = {"type": "aws_iam_role", "instances": [{"attributes": {"tags_all": {"Stage": "test"}}}]}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's own environment."""
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(f"ONTRA_{name.upper()}", raising=False)


def backend(out: Path, **values: Any) -> dict[str, Any]:
    """The backend of a stack `api` that is synthesized to `out`."""
    app = App(outdir=str(out))
    stack = TerraformStack(app, "api")
    keep_state(stack, settings.load(**values))
    app.synth()
    return dict(json.loads((out / "stacks/api/cdk.tf.json").read_text())["terraform"]["backend"])


def test_each_stage_has_its_own(tmp_path: Path) -> None:
    """Files by stage and stack; keys in a bucket, encrypted and locked, by name and stack."""
    folder = {"state_folder": str(tmp_path)}
    assert backend(tmp_path, **folder) == {"local": {"path": f"{tmp_path}/terraform.dev.api.tfstate"}}
    assert backend(tmp_path, **folder, stage="anna") == {"local": {"path": f"{tmp_path}/terraform.anna.api.tfstate"}}
    assert backend(tmp_path, state_bucket="states", stage="anna") == {
        "s3": {
            "bucket": "states",
            "encrypt": True,
            "key": "ontra-anna/api.tfstate",
            "region": "eu-central-1",
            "use_lockfile": True,
        }
    }


def test_a_state_under_its_old_name_is_not_ignored(tmp_path: Path) -> None:
    """One line has the command that renames it; what is destroyed is of no concern."""
    old = tmp_path / "terraform.api.tfstate"
    old.write_text(json.dumps({"resources": [RESOURCE]}))
    with pytest.raises(SettingsError) as refused:
        backend(tmp_path, state_folder=str(tmp_path))
    subprocess.run(shlex.split(str(refused.value).partition("name: ")[2]), check=True)
    assert [path.name for path in tmp_path.glob("*.tfstate")] == ["terraform.test.api.tfstate"]
    old.write_text('{"resources": []}')
    assert backend(tmp_path, state_folder=str(tmp_path))
    old.write_text("damaged")
    with pytest.raises(StateError, match="restore that file"):
        backend(tmp_path, state_folder=str(tmp_path))


def test_a_protected_deployment_keeps_its_name(tmp_path: Path) -> None:
    """Another one would replace all of it; the line names what destroys the one that is deployed."""
    attributes = {"tags_all": {"Project": "ontra", "Stage": "prod"}}
    state = {"resources": [{"instances": [{"attributes": attributes}]}]}
    (tmp_path / "terraform.prod.api.tfstate").write_text(json.dumps(state))
    place = {"state_folder": str(tmp_path), "stage": "prod"}
    assert backend(tmp_path, **place)
    with pytest.raises(SettingsError, match=r"ONTRA_NAME_PREFIX=ontra ONTRA_DESTROY=ontra-prod make destroy`$"):
        backend(tmp_path, **place, name_prefix="other")
    assert backend(tmp_path, **place, name_prefix="other", protected=False)


def test_a_state_in_a_file_is_moved_to_the_bucket_first(tmp_path: Path) -> None:
    """A bucket has no state yet: Terraform would create everything again."""
    (tmp_path / "terraform.dev.api.tfstate").write_text(json.dumps({"resources": [RESOURCE]}))
    place = {"state_folder": str(tmp_path), "state_bucket": "states"}
    with pytest.raises(SettingsError, match="`make move-state FROM=state_bucket=` moves it to the bucket"):
        backend(tmp_path, **place)
    assert backend(tmp_path, **place, stage="anna")


def test_only_another_stage_s_backend_is_forgotten(tmp_path: Path) -> None:
    """Terraform refuses another backend of the same stage; it must not offer the state of another stage."""
    record = tmp_path / "stacks" / "api" / ".terraform" / "terraform.tfstate"
    record.parent.mkdir(parents=True)
    folder = {"state_folder": str(tmp_path)}
    for kind, config in backend(tmp_path, **folder).items():
        record.write_text(json.dumps({"backend": {"type": kind, "config": config}}))
    backend(tmp_path, state_bucket="states")
    assert record.exists()
    backend(tmp_path, **folder, stage="anna")
    assert not record.exists()
