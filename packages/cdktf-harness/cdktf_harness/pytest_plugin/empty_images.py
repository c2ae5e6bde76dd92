"""Empty images, with which stacks are applied without a Docker engine.

A plan depends on the tag and the digest of an image, not on its layers. So an image without layers is pushed under
each tag that the first plan would build, and `docker_registry_image` is added to the state as its provider would add
it: with the planned values and the registry's digest. Everything else is planned and applied as usual.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from cdktf_harness.deployment.aws.errors import one_line_errors
from cdktf_harness.synthesis.stacks import Stack
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.terraform.changes import Change, Changes
from cdktf_harness.terraform.run import Terraform

TYPE = "docker_registry_image"
REPOSITORY = "aws_ecr_repository"
_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG = "application/vnd.docker.container.image.v1+json"


def stand_in(terraform: Terraform, stack: Stack, changes: Changes, ecr: Any) -> bool:
    """Push an empty image for each that the plan would build and add it to the state; return whether there was one.

    `ecr` is a boto3 client of the embedded cloud.
    """
    images = [change for change in changes.values() if change.type == TYPE and change.action == "create"]
    if not images:
        return False
    if terraform.pull(stack):
        raise HarnessError(f"{images[0].path}: stack {stack.name} has a state, so its image cannot be an empty one")
    if repositories := [change.address for change in changes.values() if change.type == REPOSITORY]:
        # An image can only be pushed once the repositories of the same stack exist.
        targets = [f"-target={address}" for address in repositories]
        terraform.apply(stack, *targets)
        if any("name" not in (image.after or {}) for image in images):  # names that depend on the repositories
            changes = terraform.plan(stack)
    document = changes.documents[stack.name]
    versions = {"version": 4, "terraform_version": document["terraform_version"]}
    none = {**versions, "serial": 0, "lineage": str(uuid.uuid4()), "outputs": {}, "resources": []}
    state = terraform.pull(stack) or none
    state["serial"] += 1
    state["resources"] += [_entry(changes[image.path], document, ecr) for image in images]
    path = stack.folder / "empty-images.tfstate"
    path.write_text(json.dumps(state))
    terraform.push(stack, path)
    return True


def _entry(change: Change, document: Any, ecr: Any) -> dict[str, Any]:
    (planned,) = (entry for entry in document["resource_changes"] if entry["address"] == change.address)
    values = dict(change.after or {})
    platform = values["build"][0]["platform"] if values["build"] else ""
    repository, _, tag = values["name"].partition("/")[2].rpartition(":")
    digest = push(ecr, repository, tag, platform or "linux/amd64")
    return {
        "mode": "managed",
        "type": TYPE,
        "name": planned["name"],
        "provider": f'provider["{planned["provider_name"]}"]',
        "instances": [{"schema_version": 0, "attributes": {**values, "id": digest, "sha256_digest": digest}}],
    }


def push(ecr: Any, repository: str, tag: str, platform: str) -> str:
    """Push an image without layers to an embedded cloud and return its digest; `ecr` is a boto3 client."""
    system, _, architecture = platform.partition("/")
    config = {"architecture": architecture, "os": system, "config": {}, "rootfs": {"type": "layers", "diff_ids": []}}
    blob = json.dumps(config).encode()
    descriptor = {"mediaType": _CONFIG, "size": len(blob), "digest": _digest(blob)}
    manifest = json.dumps({"schemaVersion": 2, "mediaType": _MANIFEST, "config": descriptor, "layers": []})
    given = {"imageManifest": manifest, "imageManifestMediaType": _MANIFEST}
    with one_line_errors():
        ecr.put_image(repositoryName=repository, imageTag=tag, **given)
    return _digest(manifest.encode())


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
