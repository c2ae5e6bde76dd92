"""The plan of the first deployment, by real Terraform with the bundled providers, without a Docker engine."""

from __future__ import annotations

from cdktf_harness.pytest_plugin import Planner


def test_the_first_deployment(plan: Planner) -> None:
    """It creates every resource of a stack and nothing else; what the push decides is known after it."""
    for stack in ("registry", "api"):
        made = plan.sandbox().synthesis[stack].resources()
        assert plan(stack).actions == {block.path: "create" for block in made}
    function = plan("api")["api/function/function"]
    assert "image_uri" in function.unknown
    assert function.after is not None
    assert function.after["function_name"] == "ontra-dev"
