"""Where Terraform's state is: in files or in an S3 bucket, one for each stage and stack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cdktf import LocalBackend, TerraformStack

from cdktf_lambda_api import forget_backend, keep_in_bucket, resources
from stacks.settings import PROJECT, Settings, SettingsError


def keep_state(stack: TerraformStack, settings: Settings) -> None:
    """Give `stack` its backend. Raises SettingsError for a state that Terraform would not find there any more."""
    id_ = stack.node.id
    folder = PROJECT / settings.state_folder
    file = folder / f"terraform.{settings.stage}.{id_}.tfstate"
    key = f"{settings.name}/{id_}.tfstate"
    if settings.target == "aws":
        _check_left(folder / f"terraform.{id_}.tfstate", settings)
        _check_name(file, settings)
        if settings.state_bucket and resources(file):
            raise SettingsError(
                f"state_bucket: {file} has the state of stage {settings.stage}: "
                "`make move-state FROM=state_bucket=` moves it to the bucket"
            )
        # That of another stage.
        forget_backend(stack, but=(key, file.name))
    if settings.state_bucket:
        keep_in_bucket(stack, bucket=settings.state_bucket, key=key, region=settings.region)
    else:
        LocalBackend(stack, path=str(file))


def _check_left(file: Path, settings: Settings) -> None:
    """Refuse a state with a name from before there were stages."""
    if found := resources(file):
        stage = _tag(found, "Stage") or "prod"
        new = file.with_name(file.name.replace("terraform.", f"terraform.{stage}.", 1))
        raise SettingsError(f"{file} has the state of stage {stage} under its old name: mv '{file}' '{new}'")


def _check_name(file: Path, settings: Settings) -> None:
    """Refuse another name for a protected deployment, which would replace all of it."""
    prefix = _tag(resources(file), "Project") if settings.protected else ""
    if prefix not in ("", settings.name_prefix):
        destroy = f"ONTRA_STAGE={settings.stage} ONTRA_NAME_PREFIX={prefix} ONTRA_DESTROY={prefix}-{settings.stage}"
        raise SettingsError(
            f"name_prefix: got {settings.name_prefix!r}, but {prefix}-{settings.stage} is deployed and protected: "
            f"set it back to {prefix!r}, or destroy that first with `{destroy} make destroy`"
        )


def _tag(found: list[dict[str, Any]], name: str) -> str:
    """Return the value of a tag that all resources of a state have; empty if none has it."""
    instances = [instance for one in found for instance in one.get("instances", ())]
    tags = [(instance.get("attributes") or {}).get("tags_all") or {} for instance in instances]
    return next((tag[name] for tag in tags if tag.get(name)), "")
