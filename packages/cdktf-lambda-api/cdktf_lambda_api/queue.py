"""A queue, and the dead letters of queues and functions."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from constructs import Construct

# Two weeks, SQS's limit: somebody has to look at them.
KEPT_S = 14 * 86400


class DeadLetters(Construct):
    """A queue of what could not be handled, and an alarm while there is any, which tells the topic `alarm_topic`."""

    kind = "queue"

    def __init__(self, scope: Construct, id_: str, *, name: str, alarm_topic: str = "") -> None:
        super().__init__(scope, id_)
        queue = SqsQueue(self, "queue", name=name, message_retention_seconds=KEPT_S, sqs_managed_sse_enabled=True)
        self.name, self.url, self.arn = name, queue.url, queue.arn
        self.granted_arn = self.arn
        actions = [alarm_topic] if alarm_topic else None
        alarm = CloudwatchMetricAlarm(
            self,
            "alarm",
            alarm_name=name,
            alarm_description=f"{name} has messages that could not be handled. Read them, then send them again.",
            namespace="AWS/SQS",
            metric_name="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": queue.name},
            statistic="Maximum",
            period=60,
            evaluation_periods=1,
            threshold=0,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",
            alarm_actions=actions,
            ok_actions=actions,
        )
        self.alarm = alarm.alarm_name


class Queue(Construct):
    """An encrypted queue. What is received `attempts` times goes to its dead letters, `NAME-dead`, with an alarm.

    `visibility_s` is for how long a message that was received is hidden. AWS advises six times the time-out of the
    function that handles it.
    """

    kind = "queue"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        visibility_s: int = 180,
        retention_days: int = 4,
        attempts: int = 3,
        alarm_topic: str = "",
    ) -> None:
        super().__init__(scope, id_)
        self.dead = DeadLetters(self, "dead", name=f"{name}-dead", alarm_topic=alarm_topic)
        self.alarm = self.dead.alarm
        queue = SqsQueue(
            self,
            "queue",
            name=name,
            visibility_timeout_seconds=visibility_s,
            message_retention_seconds=86400 * retention_days,
            sqs_managed_sse_enabled=True,
            redrive_policy=json.dumps({"deadLetterTargetArn": self.dead.arn, "maxReceiveCount": attempts}),
        )
        self.name, self.url, self.arn = name, queue.url, queue.arn
        self.granted_arn = self.arn
