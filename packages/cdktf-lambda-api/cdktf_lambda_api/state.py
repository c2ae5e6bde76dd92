"""Terraform's state: a backend in S3, what an earlier backend left, and the state in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cdktf import App, Manifest, S3Backend, TerraformStack


class StateError(Exception):
    """A file is no state of Terraform; the text is one line for the user."""


def keep_in_bucket(stack: TerraformStack, *, bucket: str, key: str, region: str) -> None:
    """Keep the state of `stack` in an S3 bucket, encrypted and locked there."""
    S3Backend(stack, bucket=bucket, key=key, region=region, encrypt=True)
    # The bindings are older than this argument (Terraform 1.10), which replaces a DynamoDB table.
    stack.add_override("terraform.backend.s3.use_lockfile", True)


def forget_backend(stack: TerraformStack, *, but: tuple[str, ...]) -> None:
    """Remove the record of an earlier backend of `stack`, from which Terraform would offer to copy the state.

    A record whose key or path ends with one of `but` stays: Terraform then refuses to ignore the state there.
    """
    record = Path(App.of(stack).outdir, Manifest.STACKS_FOLDER, stack.node.id, ".terraform", "terraform.tfstate")
    config = (_read(record).get("backend") or {}).get("config") or {}
    place = str(config.get("key") or config.get("path") or "")
    if place and not place.endswith(but):
        record.unlink()


def resources(file: Path) -> list[dict[str, Any]]:
    """Return the resources in a state; none if there is no file. Raises StateError."""
    return list(_read(file).get("resources") or ())


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text() or "{}")
    except FileNotFoundError:
        return {}
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise StateError(f"{file}: expected a state of Terraform; restore that file")
    return content
