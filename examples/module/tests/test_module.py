"""The module's resources, by path below that of the module."""

from __future__ import annotations

import json

from cdktf_harness.pytest_plugin import Converges, Deployed, Queue

MAIN, DEAD = "work/queues/aws_sqs_queue.main", "work/queues/aws_sqs_queue.dead[0]"


def test_more_attempts_change_the_queue_in_place(deployment: Deployed) -> None:
    """The variable of the module is a setting of the app."""
    deployment.changed(attempts=5).assert_actions({MAIN: "update"})


def test_failed_messages_go_to_the_dead_letter_queue(deployment: Deployed) -> None:
    """After the attempts in the settings."""
    policy = json.loads(deployment.resource(MAIN)["redrive_policy"])
    assert policy == {"deadLetterTargetArn": deployment.resource(DEAD)["arn"], "maxReceiveCount": 3}


def test_a_message_arrives(deployment: Deployed) -> None:
    """At the URL that the module returns."""
    jobs = Queue(deployment.cloud, "jobs")
    assert jobs.url == deployment.output("work.url", str)
    jobs.send({"square": 7})
    assert jobs.receive() == {"square": 7}


def test_it_converges(deployment: Deployed, assert_converges: Converges) -> None:
    """A second plan is empty, and a destroy leaves nothing."""
    assert_converges(deployment=deployment)
