"""The app: synthesized, planned and deployed."""

from __future__ import annotations

from cdktf_harness.pytest_plugin import Converges, Deployed, Planner, Synthesizer


def test_the_greeting_is_a_setting(synth: Synthesizer) -> None:
    """The parameter has the value in cdktf.json or that of the test."""
    assert synth["hello"].resource("aws_ssm_parameter")["value"] == "Hello, Terrain"


def test_another_greeting_changes_the_parameter_in_place(plan: Planner) -> None:
    """Terraform updates only the value of the parameter."""
    plan.changed(greeting="Good morning").assert_actions({"hello/greeting": "update"})


def test_the_parameter_is_there(deployment: Deployed) -> None:
    """The output is the name of a parameter that has the greeting."""
    name = deployment.outputs["hello"]["parameter"]
    parameter = deployment.cloud.client("ssm").get_parameter(Name=name)["Parameter"]
    assert parameter["Value"] == "Hello, Terrain"


def test_it_converges(deployment: Deployed, assert_converges: Converges) -> None:
    """A second plan is empty, and a destroy leaves nothing."""
    assert_converges(deployment=deployment)
