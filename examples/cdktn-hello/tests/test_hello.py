"""The app, planned and deployed for real."""

from __future__ import annotations

from cdktf_harness.pytest_plugin import Converges, Deployed, Planner, Synthesizer


def test_the_greeting_is_a_setting(synth: Synthesizer) -> None:
    """The parameter holds what cdktf.json or the test says."""
    assert synth["hello"].resource("aws_ssm_parameter")["value"] == "Hello, Terrain"


def test_another_greeting_changes_the_parameter_in_place(plan: Planner) -> None:
    """Terraform updates the value of the parameter, and nothing else."""
    plan.changed(greeting="Good morning").assert_actions({"hello/greeting": "update"})


def test_the_parameter_is_there(deployment: Deployed) -> None:
    """The output names a parameter that holds the greeting."""
    name = deployment.outputs["hello"]["parameter"]
    parameter = deployment.cloud.client("ssm").get_parameter(Name=name)["Parameter"]
    assert parameter["Value"] == "Hello, Terrain"


def test_it_converges(assert_converges: Converges) -> None:
    """A second plan is empty, and destroying it leaves nothing."""
    assert_converges()
