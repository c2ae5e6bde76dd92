"""What a function may use, and what calls it without a request: queues, schedules, topics and buckets."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from cdktf_lambda_api.grants import Granted, actions
from cdktf_lambda_api.policies import policy

# The methods import what only they need: the bindings of all of it take as long as those of a whole API.
if TYPE_CHECKING:
    from cdktf_lambda_api.data import Bucket, Topic
    from cdktf_lambda_api.queue import DeadLetters, Queue

RETRIES = 2


class EventHandler(Construct):
    """The rights and events of a function, which sets the attributes.

    AWS repeats a call of a schedule, topic or bucket that failed twice; then the event goes to the dead letters of the
    function, `NAME-failed`, with an alarm. A queue repeats by itself, and has dead letters of its own.
    """

    name: str
    function_name: str
    alias_name: str
    alarm_topic: str

    @property
    def role_name(self) -> str:
        """The name of its role."""
        raise NotImplementedError

    @property
    def alias_arn(self) -> str:
        """The ARN of its live alias, which is what to call."""
        raise NotImplementedError

    def grant(self, resource: Granted, verb: str) -> IamRolePolicy:
        """Let the function do what `verb` means for a resource (see `grants`). Raises ValueError for another verb."""
        may = policy(Effect="Allow", Action=actions(resource, verb), Resource=resource.granted_arn)
        name = f"{verb}-{resource.node.id}"
        return IamRolePolicy(self, name, name=name, role=self.role_name, policy=may)

    def on_queue(self, queue: Queue, *, batch: int = 10) -> None:
        """Handle the messages of a queue, up to `batch` at once, and answer the ids of those that failed.

        https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
        """
        from cdktf_cdktf_provider_aws.lambda_event_source_mapping import LambdaEventSourceMapping

        # Lambda refuses a role that may not receive.
        receive = self.grant(queue, "receive")
        LambdaEventSourceMapping(
            self,
            f"on-{queue.node.id}",
            event_source_arn=queue.arn,
            function_name=self.alias_arn,
            batch_size=batch,
            function_response_types=["ReportBatchItemFailures"],
            depends_on=[receive],
        )

    def on_schedule(self, expression: str, *, id_: str = "schedule") -> None:
        """Run at the times of `expression`: "rate(5 minutes)" or "cron(0 8 * * ? *)", UTC."""
        from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
        from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget

        scope = Construct(self, f"on-{id_}")
        rule = CloudwatchEventRule(scope, "rule", name=f"{self.name}-{id_}", schedule_expression=expression)
        CloudwatchEventTarget(scope, "target", rule=rule.name, arn=self.alias_arn)
        self._permit(scope, "events.amazonaws.com", rule.arn)

    def on_topic(self, topic: Topic) -> None:
        """Handle the messages of a topic."""
        from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription

        scope = Construct(self, f"on-{topic.node.id}")
        permission = self._permit(scope, "sns.amazonaws.com", topic.arn)
        SnsTopicSubscription(
            scope,
            "subscription",
            topic_arn=topic.arn,
            protocol="lambda",
            endpoint=self.alias_arn,
            depends_on=[permission],
        )

    def on_bucket(self, bucket: Bucket, *, prefix: str = "") -> None:
        """Handle new objects of a bucket whose keys begin with `prefix`. A bucket calls one function."""
        from cdktf_cdktf_provider_aws.s3_bucket_notification import (
            S3BucketNotification,
            S3BucketNotificationLambdaFunction,
        )

        scope = Construct(self, f"on-{bucket.node.id}")
        created = S3BucketNotificationLambdaFunction(
            events=["s3:ObjectCreated:*"], filter_prefix=prefix or None, lambda_function_arn=self.alias_arn
        )
        permission = self._permit(scope, "s3.amazonaws.com", bucket.arn)
        S3BucketNotification(
            scope, "notification", bucket=bucket.name, lambda_function=[created], depends_on=[permission]
        )

    @cached_property
    def failed(self) -> DeadLetters:
        """The events that the function could not handle, of what does not wait for its answer."""
        from cdktf_cdktf_provider_aws.lambda_function_event_invoke_config import (
            LambdaFunctionEventInvokeConfig,
            LambdaFunctionEventInvokeConfigDestinationConfig,
            LambdaFunctionEventInvokeConfigDestinationConfigOnFailure,
        )

        from cdktf_lambda_api.queue import DeadLetters

        dead = DeadLetters(self, "failed", name=f"{self.name}-failed", alarm_topic=self.alarm_topic)
        # Lambda refuses a role that may not send.
        send = self.grant(dead, "send")
        failed = LambdaFunctionEventInvokeConfigDestinationConfigOnFailure(destination=dead.arn)
        LambdaFunctionEventInvokeConfig(
            self,
            "asynchronous",
            function_name=self.function_name,
            qualifier=self.alias_name,
            maximum_retry_attempts=RETRIES,
            destination_config=LambdaFunctionEventInvokeConfigDestinationConfig(on_failure=failed),
            depends_on=[send],
        )
        return dead

    def _permit(self, scope: Construct, service: str, source_arn: str) -> LambdaPermission:
        """Let a service call the function for one source; what fails goes to `failed`."""
        _ = self.failed
        return self.permit(scope, service, source_arn)

    def permit(self, scope: Construct, service: str, source_arn: str, *, id_: str = "permission") -> LambdaPermission:
        """Let a service call the function for one source; `scope` has the permission."""
        return LambdaPermission(
            scope,
            id_,
            action="lambda:InvokeFunction",
            principal=service,
            function_name=self.function_name,
            qualifier=self.alias_name,
            source_arn=source_arn,
        )
