"""Elastic Load Balancing: load balancers, target groups and listeners; records, nothing is forwarded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...protocol.values import Values
from ..cloud import Aws
from ..declaration import Calls, Wait
from ..model import first, from_aws, to_aws
from ..resource import AwsResource
from ..tags import Tagging


def _attributes(**keys: str) -> dict[str, str]:
    return {name: f"Attributes[Key={key}].Value" for name, key in keys.items()}


class Elb(AwsResource):
    service, derived, found_by = "elbv2", True, ("id",)
    tagging = Tagging("id", "describe_tags", "add_tags", "remove_tags")


class LoadBalancer(Elb):
    type_name, label = "aws_lb", "ELBv2 Load Balancer"
    calls = Calls(
        "create_load_balancer",
        "describe_load_balancers",
        ("set_security_groups", "set_subnets", "set_ip_address_type", "modify_load_balancer_attributes"),
        "delete_load_balancer",
    )
    answer, also = "LoadBalancers[]", ("describe_load_balancer_attributes",)
    names = {
        "id": "LoadBalancerArn",
        "arn": "LoadBalancerArn",
        "name": "LoadBalancerName|Name",
        "load_balancer_type": "Type",
        "internal": "Scheme",
        "subnets": "AvailabilityZones[].SubnetId|Subnets",
        "zone_id": "CanonicalHostedZoneId",
        **_attributes(
            enable_deletion_protection="deletion_protection.enabled",
            enable_cross_zone_load_balancing="load_balancing.cross_zone.enabled",
            idle_timeout="idle_timeout.timeout_seconds",
            enable_http2="routing.http2.enabled",
            drop_invalid_header_fields="routing.http.drop_invalid_header_fields.enabled",
            preserve_host_header="routing.http.preserve_host_header.enabled",
        ),
    }
    named_by = "name"
    waits = Wait("State.Code", ("provisioning",))
    kept = ("subnet_mapping",)
    refused = (
        *("customer_owned_ipv4_pool", "enforce_security_group_inbound_rules_on_private_link_traffic", "ipam_pools"),
        *("subnet_mapping",),
    )

    def make(self, aws: Aws, planned: Values) -> Any:
        return super().make(aws, {**planned, "internal": "internal" if planned["internal"] else "internet-facing"})

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        values = super().parsed(aws, state, found)
        suffix = values["arn"].rpartition(":loadbalancer/")[2]
        return {**values, "internal": found.get("Scheme") == "internal", "arn_suffix": suffix}


_HEALTH = {
    "enabled": "HealthCheckEnabled",
    "healthy_threshold": "HealthyThresholdCount",
    "interval": "HealthCheckIntervalSeconds",
    "matcher": "Matcher.HttpCode",
    "path": "HealthCheckPath",
    "port": "HealthCheckPort",
    "protocol": "HealthCheckProtocol",
    "timeout": "HealthCheckTimeoutSeconds",
    "unhealthy_threshold": "UnhealthyThresholdCount",
}


class TargetGroup(Elb):
    type_name, label = "aws_lb_target_group", "ELBv2 Target Group"
    calls = Calls(
        "create_target_group",
        "describe_target_groups",
        ("modify_target_group", "modify_target_group_attributes"),
        "delete_target_group",
    )
    answer, also = "TargetGroups[]", ("describe_target_group_attributes",)
    names = {
        "id": "TargetGroupArn",
        "arn": "TargetGroupArn",
        "name": "TargetGroupName|Name",
        **_attributes(
            deregistration_delay="deregistration_delay.timeout_seconds",
            slow_start="slow_start.duration_seconds",
            load_balancing_algorithm_type="load_balancing.algorithm.type",
        ),
    }
    named_by = "name"
    kept = ("health_check",)
    refused = ("target_control_port",)

    def call(self, aws: Aws, method: str, values: Values, **more: Any) -> Any:
        if method in ("create_target_group", "modify_target_group"):
            block, shape = self.schema.block.blocks["health_check"].block, self.operation(method).input_shape
            more = {**to_aws(block, shape, first(values["health_check"]), _HEALTH), **more}
        return super().call(aws, method, values, **more)

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        values = super().parsed(aws, state, found)
        block = self.schema.block.blocks["health_check"].block
        checks = from_aws(block, self.shape("TargetGroup"), found, _HEALTH)
        suffix = "targetgroup/" + values["arn"].rpartition(":targetgroup/")[2]
        return {**values, "health_check": [checks], "arn_suffix": suffix}

    def update(self, aws: Aws, prior: Values, planned: Values) -> Values | None:
        if prior["health_check"] != planned["health_check"]:
            self.call(aws, "modify_target_group", {**planned, "name": None})
        return super().update(aws, prior, planned)


class Listener(Elb):
    type_name, label = "aws_lb_listener", "ELBv2 Listener"
    calls = Calls("create_listener", "describe_listeners", "modify_listener", "delete_listener")
    answer = "Listeners[]"
    names = {
        "id": "ListenerArn",
        "arn": "ListenerArn",
        "certificate_arn": "Certificates[].CertificateArn",
        "default_action.fixed_response": "FixedResponseConfig",
        "default_action.forward": "ForwardConfig",
        "default_action.forward.stickiness": "TargetGroupStickinessConfig",
        "default_action.forward.stickiness.duration": "DurationSeconds",
        "default_action.forward.target_group.arn": "TargetGroupArn",
        "default_action.redirect": "RedirectConfig",
    }
    arguments = (
        *("certificate_arn", "load_balancer_arn", "port", "protocol", "ssl_policy"),
        *(f"default_action.{name}" for name in ("fixed_response", "forward", "order", "redirect")),
        *("default_action.target_group_arn", "default_action.type"),
    )

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        values = super().parsed(aws, state, found)
        for action, before in zip(values["default_action"], state.get("default_action") or (), strict=False):
            # AWS answers a single target group in both forms.
            if not before["forward"]:
                action["forward"] = []
            elif not before["target_group_arn"]:
                action["target_group_arn"] = None
            action["order"] = before["order"] or action["order"]
        return values
