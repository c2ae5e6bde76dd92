"""Each resource is in its region, and messages cross regions."""

from __future__ import annotations

from cdktf_harness.pytest_plugin import Converges, Deployed, Queue, Synthesizer


def test_a_topic_of_the_other_region_has_its_provider(synth: Synthesizer) -> None:
    """The other topic has the stack's default one."""
    assert synth["news"].resource("far")["provider"] == "aws.away"
    assert synth["news"].resource("near").get("provider") is None


def test_topics_of_both_regions_reach_the_queue(deployment: Deployed) -> None:
    """It is in the other region."""
    archive = Queue(deployment.cloud, "archive", region_name="us-west-2")
    for name, region in (("near", "eu-central-1"), ("far", "us-west-2")):
        arn = deployment.output(f"news.{name}-arn", str)
        assert arn.split(":")[3] == region
        deployment.cloud.client("sns", region_name=region).publish(TopicArn=arn, Message=f"from {name}")
        assert archive.receive() == f"from {name}"


def test_it_converges(deployment: Deployed, assert_converges: Converges) -> None:
    """A second plan is empty, and a destroy leaves nothing."""
    assert_converges(deployment=deployment)
