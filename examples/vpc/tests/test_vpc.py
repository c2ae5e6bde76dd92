"""The app: synthesized, planned and deployed."""

from __future__ import annotations

from cdktf_harness.pytest_plugin import Converges, Deployed, Synthesizer


def test_only_the_load_balancer_is_public(synth: Synthesizer) -> None:
    """The instance's security group admits no address, only the group of the load balancer."""
    synth["web"].resource("public").assert_has({"ingress.from_port": 80, "ingress.cidr_blocks": ["0.0.0.0/0"]})
    assert not synth["web"].resource("private")["ingress.cidr_blocks"]


def test_a_larger_instance_is_a_change_in_place(deployment: Deployed) -> None:
    """It keeps its address."""
    deployment.changed(instance_type="t3.small").assert_actions({"web/server": "update"})


def test_the_subnets_are_in_two_zones(deployment: Deployed) -> None:
    """As a load balancer requires."""
    zones = {deployment.resource(f"web/subnet-{number}")["availability_zone"] for number in range(2)}
    assert zones == {"eu-central-1a", "eu-central-1b"}


def test_the_listener_forwards_to_the_group_of_the_instance(deployment: Deployed) -> None:
    """As the cloud's API describes it."""
    client = deployment.cloud.client("elbv2")
    balancer = deployment.resource("web/balancer")
    assert balancer["dns_name"] == deployment.output("web.host", str)
    (listener,) = client.describe_listeners(LoadBalancerArn=balancer["arn"])["Listeners"]
    group = deployment.resource("web/group")["arn"]
    assert listener["DefaultActions"][0]["TargetGroupArn"] == group
    (target,) = client.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert target["Target"]["Id"] == deployment.resource("web/server")["id"]


def test_it_converges(deployment: Deployed, assert_converges: Converges) -> None:
    """A second plan is empty, and a destroy leaves nothing."""
    assert_converges(deployment=deployment)
