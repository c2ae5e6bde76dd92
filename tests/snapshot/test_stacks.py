"""The synthesized JSON of both stacks for both targets, as files that a reviewer reads in a diff."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from checkout import Checkout
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

TARGETS = {
    "aws": {"ONTRA_TARGET": "aws"},
    "local": {"ONTRA_TARGET": "local", "ONTRA_ENDPOINT": "http://localhost:4566", "ONTRA_STATE_FOLDER": ".ontra"},
}
STACKS = ("registry", "api")


@pytest.fixture(scope="module")
def synthesized(checkout: Checkout, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Any]:
    """Both stacks for both targets, by target and stack."""
    stacks = {}
    for target, env in TARGETS.items():
        out = tmp_path_factory.mktemp("out") / target
        done = checkout.synthesize(env, out)
        assert done.returncode == 0, done.stderr
        for stack in STACKS:
            text = (out / "stacks" / stack / "cdk.tf.json").read_text()
            stacks[target, stack] = json.loads(scrub(text, checkout.root))
    return stacks


def scrub(text: str, root: Path) -> str:
    """Replace what differs from one machine, source or release to the next: paths, hashes of the image, versions."""
    text = text.replace(str(root), "PROJECT")
    text = re.sub(r"\b[0-9a-f]{16}\b", "CONTEXT_HASH", text)
    return re.sub(r'("version": )"[0-9.]+"', r'\1"VERSION"', text)


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("target", TARGETS)
def test_synthesized_stack(
    target: str, stack: str, synthesized: dict[tuple[str, str], Any], snapshot: SnapshotAssertion
) -> None:
    """The stack is the one that was reviewed; `make snapshots` accepts a change."""
    assert synthesized[target, stack] == snapshot(extension_class=JSONSnapshotExtension)


def test_the_targets_differ_only_where_they_must(synthesized: dict[tuple[str, str], Any]) -> None:
    """Image stage, endpoints, credentials and registry address are all that the embedded cloud has of its own."""
    differing = set(differences(synthesized["aws", "api"], synthesized["local", "api"]))
    assert differing == {
        "data.terraform_remote_state.cross-stack-reference-input-registry.config.path",
        "output.url.value",
        "provider.aws.0.access_key",
        "provider.aws.0.endpoints",
        "provider.aws.0.secret_key",
        "provider.aws.0.skip_credentials_validation",
        "provider.aws.0.skip_metadata_api_check",
        "provider.docker.0.registry_auth.0.address",
        "resource.aws_lambda_function.function_679B3B5A.image_uri",
        "resource.docker_registry_image.image_3F1CC214.build.0.target",
        "resource.docker_registry_image.image_3F1CC214.name",
        "terraform.backend.local.path",
    }


def differences(left: Any, right: Any, path: str = "") -> list[str]:
    """The paths at which two documents differ, without CDKTF's own comments."""
    if isinstance(left, dict) and isinstance(right, dict):
        keys = sorted((left.keys() | right.keys()) - {"//"})
        return [found for key in keys for found in differences(left.get(key), right.get(key), f"{path}.{key}")]
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = enumerate(zip(left, right, strict=True))
        return [found for index, (a, b) in pairs for found in differences(a, b, f"{path}.{index}")]
    return [] if left == right else [path.lstrip(".")]
