"""Where Terraform's state is: in files or in an S3 bucket, one for each stage and stack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cdktf import App, LocalBackend, Manifest, S3Backend, TerraformStack

from stacks.settings import PROJECT, Settings, SettingsError


def keep_state(stack: TerraformStack, settings: Settings) -> None:
    """Give `stack` its backend. Raises SettingsError for a state that Terraform would not find there any more."""
    id_ = stack.node.id
    folder = PROJECT / settings.state_folder
    file = folder / f"terraform.{settings.stage}.{id_}.tfstate"
    if settings.target == "aws":
        _check_left(folder / f"terraform.{id_}.tfstate", settings)
        if settings.state_bucket and _resources(file):
            raise SettingsError(
                f"state_bucket: {file} has the state of stage {settings.stage}: "
                "`make move-state FROM=state_bucket=` moves it to the bucket"
            )
        _forget_other_stage(stack, settings)
    if settings.state_bucket:
        key = f"{settings.name}/{id_}.tfstate"
        S3Backend(stack, bucket=settings.state_bucket, key=key, region=settings.region, encrypt=True)
        # The bindings are older than this argument (Terraform 1.10), which replaces a DynamoDB table.
        stack.add_override("terraform.backend.s3.use_lockfile", True)
    else:
        LocalBackend(stack, path=str(file))


def _check_left(file: Path, settings: Settings) -> None:
    """Refuse a state with a name from before there were stages."""
    if resources := _resources(file):
        tags = [_tags(instance) for one in resources for instance in one.get("instances", ())]
        stage = next((tag["Stage"] for tag in tags if tag.get("Stage")), "prod")
        new = file.with_name(file.name.replace("terraform.", f"terraform.{stage}.", 1))
        raise SettingsError(f"{file} has the state of stage {stage} under its old name: mv '{file}' '{new}'")


def _forget_other_stage(stack: TerraformStack, settings: Settings) -> None:
    """Remove the record of another stage's backend, from which Terraform would offer to copy the state.

    A record of the same stage stays: Terraform then refuses to ignore the state there.
    """
    folder = Path(App.of(stack).outdir, Manifest.STACKS_FOLDER, stack.node.id, ".terraform")
    record = folder / "terraform.tfstate"
    config = (_read(record).get("backend") or {}).get("config") or {}
    place = str(config.get("key") or config.get("path") or "")
    own = (f"{settings.name}/{stack.node.id}.tfstate", f"terraform.{settings.stage}.{stack.node.id}.tfstate")
    if place and not place.endswith(own):
        record.unlink()


def _resources(file: Path) -> list[dict[str, Any]]:
    return list(_read(file).get("resources") or ())


def _tags(instance: dict[str, Any]) -> dict[str, str]:
    return (instance.get("attributes") or {}).get("tags_all") or {}


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text() or "{}")
    except FileNotFoundError:
        return {}
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise SettingsError(f"{file}: expected a state of Terraform; restore that file")
    return content
