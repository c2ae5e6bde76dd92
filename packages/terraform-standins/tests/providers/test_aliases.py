"""Two configurations of one provider in a stack."""

from __future__ import annotations

from .workspace import Workspace


def test_each_resource_has_the_configuration_that_it_names(workspace: Workspace) -> None:
    """Another region and other tags; a second plan is empty."""
    north = {"region": "eu-north-1", "alias": "north", "default_tags": {"tags": {"where": "north"}}}
    workspace.apply(
        provider={"aws": [{"region": "eu-central-1", "default_tags": {"tags": {"where": "here"}}}, north]},
        resource={
            "aws_ssm_parameter": {
                **{f"here{i}": {"name": f"/here{i}", "type": "String", "value": "x"} for i in range(5)},
                **{
                    f"north{i}": {"name": f"/north{i}", "type": "String", "value": "x", "provider": "aws.north"}
                    for i in range(5)
                },
            }
        },
    )
    for i in range(5):
        for name, region in (("here", "eu-central-1"), ("north", "eu-north-1")):
            state = workspace.state(f"aws_ssm_parameter.{name}{i}")
            assert (state["region"], state["tags_all"]) == (region, {"where": name})
            assert f":{region}:" in state["arn"]
    assert workspace.actions() == {}
