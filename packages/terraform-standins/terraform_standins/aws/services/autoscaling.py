"""Auto Scaling groups and their launch templates; records, nothing is started."""

from __future__ import annotations

import base64
from collections.abc import Collection
from typing import Any

from ..resource import Answer, Aws, AwsResource, Calls, Values
from .ec2 import Ec2

_LAUNCHED = {
    "vpc_security_group_ids": "SecurityGroupIds",
    "security_group_names": "SecurityGroups",
    "tag_specifications": "TagSpecifications",
}


class LaunchTemplate(Ec2):
    type_name, label = "aws_launch_template", "EC2 Launch Template"
    calls = Calls(
        "create_launch_template",
        "describe_launch_template_versions",
        "create_launch_template_version",
        "delete_launch_template",
    )
    answer, wrapper = "LaunchTemplateVersions[]", "LaunchTemplateData"
    extra = {"describe_launch_template_versions": {"Versions": ["$Latest"]}}
    names = {
        "id": "LaunchTemplateId",
        "name": "LaunchTemplateName",
        "description": "VersionDescription",
        "latest_version": "VersionNumber",
        "network_interfaces.security_groups": "Groups",
        "network_interfaces.ipv4_address_count": "SecondaryPrivateIpAddressCount",
        "network_interfaces.ipv4_addresses": "PrivateIpAddresses[].PrivateIpAddress",
        "network_interfaces.ipv4_prefixes": "Ipv4Prefixes[].Ipv4Prefix",
        "network_interfaces.ipv6_addresses": "Ipv6Addresses[].Ipv6Address",
        "network_interfaces.ipv6_prefixes": "Ipv6Prefixes[].Ipv6Prefix",
        **{name: f"LaunchTemplateData.{member}" for name, member in _LAUNCHED.items()},
    }
    named_by = "name"
    computed = {"arn": "arn:{partition}:ec2:{region}:{account_id}:launch-template/{id}"}
    kept = ("update_default_version",)

    def call(self, aws: Aws, method: str, values: Values, **more: Any) -> Any:
        # AWS refuses the name beside the id.
        return super().call(aws, method, {**values, "name": None} if values.get("id") else values, **more)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        answer = self.client(aws).describe_launch_templates(LaunchTemplateIds=[found["LaunchTemplateId"]])
        (template,) = answer["LaunchTemplates"]
        tags = {tag["Key"]: tag["Value"] for tag in template.get("Tags", ())}
        version = template.get("DefaultVersionNumber")
        return {**super().parsed(aws, state, found), "default_version": version, "tags": tags}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        super().update(aws, prior, planned)
        if planned["update_default_version"]:
            client, who = self.client(aws), {"LaunchTemplateId": planned["id"]}
            versions = client.describe_launch_template_versions(**who, Versions=["$Latest"])["LaunchTemplateVersions"]
            client.modify_launch_template(**who, DefaultVersion=str(versions[0]["VersionNumber"]))


class AutoScalingGroup(AwsResource):
    type_name, label, service = "aws_autoscaling_group", "Auto Scaling Group", "autoscaling"
    calls = Calls.of("auto_scaling_group", read="describe*")
    answer, found_by, derived = "AutoScalingGroups[]", ("name",), True
    extra = {"delete_auto_scaling_group": {"ForceDelete": True}}
    names = {
        "name": "AutoScalingGroupName",
        "arn": "AutoScalingGroupARN",
        "launch_configuration": "LaunchConfigurationName",
        "launch_template.id": "LaunchTemplateId",
        "launch_template.name": "LaunchTemplateName",
        "protect_from_scale_in": "NewInstancesProtectedFromScaleIn",
        "vpc_zone_identifier": "VPCZoneIdentifier",
    }
    named_by = "name"
    kept = (*("force_delete", "wait_for_capacity_timeout", "ignore_failed_scaling_activities", "metrics_granularity"),)
    refused = (
        *("availability_zone_distribution", "capacity_rebalance", "capacity_reservation_specification", "context"),
        *("default_instance_warmup", "desired_capacity_type", "instance_maintenance_policy"),
        *("max_instance_lifetime", "mixed_instances_policy", "placement_group", "service_linked_role_arn"),
        *("traffic_source",),
    )

    switches = {
        "target_group_arns": ("attach_load_balancer_target_groups", "detach_load_balancer_target_groups"),
    }

    def changeable(self) -> Collection[str]:
        return {*super().changeable(), "tag"}

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        values = super().parsed(aws, state, found)
        if values["termination_policies"] == ["Default"]:
            values["termination_policies"] = state.get("termination_policies")
        return values

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        super().update(aws, prior, planned)
        client, old, new = self.client(aws), _tags(prior), _tags(planned)
        of = {"ResourceId": planned["name"], "ResourceType": "auto-scaling-group"}
        if removed := [{**of, "Key": key} for key in old.keys() - new.keys()]:
            client.delete_tags(Tags=removed)
        if changed := [{**of, **tag} for key, tag in new.items() if old.get(key) != tag]:
            client.create_or_update_tags(Tags=changed)


class Policy(AwsResource):
    type_name, label, service = "aws_autoscaling_policy", "Auto Scaling Policy", "autoscaling"
    calls = Calls("put_scaling_policy", "describe_policies", "put_scaling_policy", "delete_policy")
    answer, derived, lenient = "ScalingPolicies[]", True, True
    names = {
        "arn": "PolicyARN",
        "name": "PolicyName",
        "target_tracking_configuration.customized_metric_specification.metric_dimension": "Dimensions",
    }
    named_by, import_form = "name", ("asg-name/name", "autoscaling_group_name", "name")
    computed, refused = {"id": "{name}"}, ("predictive_scaling_configuration",)


class Schedule(AwsResource):
    type_name, label, service = "aws_autoscaling_schedule", "Auto Scaling Scheduled Action", "autoscaling"
    calls = Calls(
        "put_scheduled_update_group_action",
        "describe_scheduled_actions",
        "put_scheduled_update_group_action",
        "delete_scheduled_action",
    )
    answer, derived, lenient = "ScheduledUpdateGroupActions[]", True, True
    names, named_by = {"arn": "ScheduledActionARN"}, "scheduled_action_name"
    import_form = ("asg-name/action-name", "autoscaling_group_name", "scheduled_action_name")


class Attachment(AwsResource):
    type_name, label, service = "aws_autoscaling_attachment", "Auto Scaling Group Attachment", "autoscaling"
    calls = Calls.of("load_balancer_target_groups", create="attach", read="describe", update="", delete="detach")
    names = {"lb_target_group_arn": "TargetGroupARNs"}
    derived, id_form = True, "{autoscaling_group_name}-{lb_target_group_arn}"

    def read(self, aws: Aws, state: Values) -> Values | None:
        who = {"AutoScalingGroupNames": [state["autoscaling_group_name"]]}
        groups = self.client(aws).describe_auto_scaling_groups(**who)["AutoScalingGroups"]
        attached = any(state["lb_target_group_arn"] in group.get("TargetGroupARNs", ()) for group in groups)
        return {} if attached else None


class LaunchConfiguration(AwsResource):
    type_name, label, service = "aws_launch_configuration", "Auto Scaling Launch Configuration", "autoscaling"
    calls = Calls.of("launch_configuration", read="describe*", update="")
    answer, derived, lenient, found_by = "LaunchConfigurations[]", True, True, ("name",)
    names = {
        "name": "LaunchConfigurationName",
        "arn": "LaunchConfigurationARN",
        "enable_monitoring": "InstanceMonitoring.Enabled",
    }
    named_by, kept = "name", ("root_block_device", "ebs_block_device", "user_data_base64")
    unread = ("user_data",)

    def make(self, aws: Aws, planned: Values) -> Any:
        data = planned["user_data"] and base64.b64encode(planned["user_data"].encode()).decode()
        return super().make(aws, {**planned, "user_data": data or planned["user_data_base64"]})


def _tags(values: Values) -> dict[str, dict[str, Any]]:
    names = {"Key": "key", "Value": "value", "PropagateAtLaunch": "propagate_at_launch"}
    return {tag["key"]: {member: tag[name] for member, name in names.items()} for tag in values["tag"] or ()}
