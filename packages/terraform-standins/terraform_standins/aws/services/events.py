"""EventBridge: rules and their targets."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..resource import JSON, Aws, AwsResource, Calls, Tagging, Values, Wait, unique_id


class Rule(AwsResource):
    type_name, label, service, noun = "aws_cloudwatch_event_rule", "EventBridge Rule", "events", "Rule"
    calls = Calls.of("rule", create="put", read="describe", update="put")
    named_by, documents, tagging = "name", {"event_pattern": JSON}, Tagging()
    derived, lenient = True, True
    kept = ("force_destroy",)

    def id_of(self, values: Values) -> str:
        bus = values["event_bus_name"]
        return str(values["name"]) if bus == "default" else f"{bus}/{values['name']}"

    def from_import_id(self, import_id: str) -> Values:
        bus, _, name = import_id.rpartition("/")
        return {"id": import_id, "name": name, "event_bus_name": bus or "default"}


class Target(AwsResource):
    type_name, label, service = "aws_cloudwatch_event_target", "EventBridge Target", "events"
    calls = Calls("put_targets", "list_targets_by_rule", "put_targets", "remove_targets")
    answer, found_by = "Targets[]", ("rule", "event_bus_name")
    names = {
        "target_id": "Id|Ids",
        "input_transformer.input_paths": "InputPathsMap",
        "appsync_target": "AppSyncParameters",
        "batch_target": "BatchParameters",
        "batch_target.array_size": "ArrayProperties.Size",
        "batch_target.job_attempts": "RetryStrategy.Attempts",
        "ecs_target": "EcsParameters",
        "ecs_target.ordered_placement_strategy": "PlacementStrategy",
        "ecs_target.network_configuration": "NetworkConfiguration.awsvpcConfiguration",
        "http_target": "HttpParameters",
        "kinesis_target": "KinesisParameters",
        "redshift_target": "RedshiftDataParameters",
        "redshift_target.secrets_manager_arn": "SecretManagerArn",
        "run_command_targets": "RunCommandParameters.RunCommandTargets",
        "sqs_target": "SqsParameters",
    }
    named_by, id_form, lenient = "target_id", "{rule}-{target_id}", True
    derived, builds = True, "Target"
    kept = ("force_destroy",)
    import_form = ("event_bus_name/rule-name/target-id", "event_bus_name", "rule", "target_id")

    def changeable(self) -> Collection[str]:
        return self._pairs(self.shape(self.builds)).keys() - {"target_id"}

    def make(self, aws: Aws, planned: Values) -> Any:
        planned["target_id"] = planned["target_id"] or unique_id("terraform-")
        target = self.structure(aws, self.builds, planned)
        where = {"Rule": planned["rule"], "EventBusName": planned["event_bus_name"]}
        return self.client(aws).put_targets(**where, Targets=[target])


class ScheduleGroup(AwsResource):
    type_name, label, service = "aws_scheduler_schedule_group", "EventBridge Scheduler Schedule Group", "scheduler"
    calls = Calls.of("schedule_group", update="")
    named_by, derived, tagging = "name", True, Tagging()
    waits = Wait("State", ("DELETING",))


class Schedule(AwsResource):
    type_name, label, service = "aws_scheduler_schedule", "EventBridge Scheduler Schedule", "scheduler"
    calls = Calls.of("schedule")
    named_by, id_form, derived, lenient = "name", "{group_name}/{name}", True, True
    names = {
        "target.ecs_parameters.network_configuration": "NetworkConfiguration.awsvpcConfiguration",
        "target.sagemaker_pipeline_parameters.pipeline_parameter": "PipelineParameterList",
    }
    import_form = ("group-name/schedule-name", "group_name", "name")
    # A new role is not known everywhere at once.
    temporary = ("must allow AWS EventBridge Scheduler to assume the role",)

    def make(self, aws: Aws, planned: Values) -> Any:
        planned["group_name"] = planned["group_name"] or "default"
        return super().make(aws, planned)
