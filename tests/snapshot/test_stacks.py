"""The synthesized JSON of both stacks for both targets and of the stage prod, for a review as a diff."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from syrupy.assertion import SnapshotAssertion

from cdktf_harness.pytest_plugin import Synthesis, Synthesizer
from cdktf_harness.pytest_plugin.snapshot import scrubbed
from cdktf_harness.synthesis.matching import differences
from cdktf_harness.synthesis.stacks import without_comments

TARGETS: dict[str, dict[str, str]] = {
    "aws": {},
    "prod": {"stage": "prod"},
    "local": {"target": "local", "endpoint": "http://localhost:4566", "state_folder": ".ontra"},
}
STACKS = ("registry", "api")
# Not that of the checkout.
COMMIT = {"commit": "0000000"}


@pytest.fixture(scope="module")
def targets(synth: Synthesizer) -> dict[str, Synthesis]:
    """The stacks for both targets, synthesized at the same time."""
    with ThreadPoolExecutor() as pool:
        return dict(zip(TARGETS, pool.map(synth, ({**target, **COMMIT} for target in TARGETS.values())), strict=True))


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("target", TARGETS)
def test_synthesized_stack(
    target: str, stack: str, targets: dict[str, Synthesis], stack_snapshot: SnapshotAssertion
) -> None:
    """The stack is the one that was reviewed; `make snapshots` accepts a change."""
    assert targets[target][stack] == stack_snapshot


def test_the_targets_differ_only_where_they_must(targets: dict[str, Synthesis]) -> None:
    """Only image stage, endpoints, credentials and registry address differ for the embedded cloud."""
    aws, local = (without_comments(scrubbed(targets[target]["api"])) for target in ("aws", "local"))
    assert set(differences(aws, local)) == {
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
        "resource.docker_registry_image.image_3F1CC214.triggers.repository",
        "terraform.backend.local.path",
        "variable",
    }
