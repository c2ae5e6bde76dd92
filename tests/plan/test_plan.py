"""The plan of the first deployment, by real Terraform with the bundled providers, without a Docker engine."""

from __future__ import annotations

from cdktf_harness.pytest_plugin import Planner


def test_the_first_deployment_creates_the_whole_stack(plan: Planner) -> None:
    """It creates every resource of the stack, and nothing else."""
    changes = plan("api")
    made = plan.sandbox().synthesis["api"].resources()
    assert changes.actions == {block.path: "create" for block in made}


def test_what_only_a_deployment_can_tell_is_unknown(plan: Planner) -> None:
    """The digest and all that is made from it is known after the push; names are known before."""
    function = plan("api")["api/function/function"]
    assert "image_uri" in function.unknown
    assert function.after is not None
    assert function.after["function_name"] == "ontra-dev"


def test_the_registry_comes_first(plan: Planner) -> None:
    """The repository and its two policies need nothing of the other stack."""
    assert plan("registry").actions == {
        "registry/repository/repository": "create",
        "registry/repository/lifecycle": "create",
        "registry/repository/policy": "create",
    }
