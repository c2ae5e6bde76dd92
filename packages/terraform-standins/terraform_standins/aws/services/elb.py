"""Elastic Load Balancing: load balancers, target groups and listeners; records, nothing is forwarded."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, ClassVar

from ..model import SAME
from ..resource import Answer, Aws, AwsResource, Calls, Tagging, Values, Wait


def _attributes(**keys: str) -> dict[str, str]:
    return {name: f"Attributes[Key={key}].Value" for name, key in keys.items()}


class Elb(AwsResource):
    service, derived, found_by = "elbv2", True, ("id",)
    tagging: ClassVar[Tagging | None] = Tagging("id", "describe_tags", "add_tags", "remove_tags")


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
    computed = {
        "internal": lambda _, found: found.get("Scheme") == "internal",
        "arn_suffix": lambda v, _: v["arn"].rpartition(":loadbalancer/")[2],
    }
    refused = (
        *("customer_owned_ipv4_pool", "enforce_security_group_inbound_rules_on_private_link_traffic", "ipam_pools"),
        *("subnet_mapping",),
    )

    def make(self, aws: Aws, planned: Values) -> Any:
        return super().make(aws, {**planned, "internal": "internal" if planned["internal"] else "internet-facing"})


_HEALTH = {
    **{name: f"HealthCheck{name.title()}" for name in ("enabled", "path", "port", "protocol")},
    **{name: f"HealthCheck{name.title()}Seconds" for name in ("interval", "timeout")},
    "healthy_threshold": "HealthyThresholdCount",
    "matcher": "Matcher.HttpCode",
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
        "health_check": SAME,
        **{f"health_check.{name}": path for name, path in _HEALTH.items()},
        **_attributes(
            deregistration_delay="deregistration_delay.timeout_seconds",
            slow_start="slow_start.duration_seconds",
            load_balancing_algorithm_type="load_balancing.algorithm.type",
        ),
    }
    named_by = "name"
    refused = ("target_control_port",)
    computed = {"arn_suffix": lambda v, _: "targetgroup/" + v["arn"].rpartition(":targetgroup/")[2]}


class TargetGroupAttachment(Elb):
    type_name, label = "aws_lb_target_group_attachment", "ELBv2 Target Group Attachment"
    calls = Calls("register_targets", "describe_target_health", delete="deregister_targets")
    answer, builds, tagging = "TargetHealthDescriptions[].Target", "TargetDescription", None
    names = {"target_id": "Id"}
    id_form = "{target_group_arn}-{target_id}"

    def call(self, aws: Aws, method: str, values: Values, **more: Any) -> Any:
        targets = [self.structure(aws, self.builds, values)]
        return getattr(self.client(aws), method)(TargetGroupArn=values["target_group_arn"], Targets=targets)

    def found(self, aws: Aws, state: Values) -> Any:
        health = self.call(aws, self.calls.read, state)["TargetHealthDescriptions"]
        found = [one for one in health if one.get("TargetHealth", {}).get("Reason") != "Target.NotRegistered"]
        return state if found else None

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        return {}


_ACTION = {
    "fixed_response": "FixedResponseConfig",
    "forward": "ForwardConfig",
    "forward.stickiness": "TargetGroupStickinessConfig",
    "forward.stickiness.duration": "DurationSeconds",
    "forward.target_group.arn": "TargetGroupArn",
    "redirect": "RedirectConfig",
}
_ACTIONS = (*("fixed_response", "forward", "order", "redirect"), "target_group_arn", "type")


class Listener(Elb):
    type_name, label = "aws_lb_listener", "ELBv2 Listener"
    calls = Calls.of("listener", read="describe*", update="modify")
    answer = "Listeners[]"
    names = {
        "id": "ListenerArn",
        "arn": "ListenerArn",
        "certificate_arn": "Certificates[].CertificateArn",
        **{f"default_action.{name}": path for name, path in _ACTION.items()},
    }
    arguments = (
        *("certificate_arn", "load_balancer_arn", "port", "protocol", "ssl_policy"),
        *(f"default_action.{name}" for name in _ACTIONS),
    )

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        return _as_given(super().parsed(aws, state, found), "default_action", state)


def _as_given(values: Values, name: str, state: Values) -> Values:
    for action, before in zip(values[name], state.get(name) or (), strict=False):
        # AWS answers a single target group in both forms.
        if not before["forward"]:
            action["forward"] = []
        elif not before["target_group_arn"]:
            action["target_group_arn"] = None
        action["order"] = before["order"] or action["order"]
    return values


_CONDITIONS = ("host_header", "http_header", "http_request_method", "path_pattern", "source_ip")


class ListenerRule(Elb):
    type_name, label = "aws_lb_listener_rule", "ELBv2 Listener Rule"
    computed = {"listener_arn": lambda v, _: v["arn"].rpartition("/")[0].replace(":listener-rule/", ":listener/")}
    calls = Calls.of("rule", read="describe*", update="modify")
    answer = "Rules[]"
    names = {
        "id": "RuleArn",
        "arn": "RuleArn",
        **{f"action.{name}": path for name, path in _ACTION.items()},
        **{f"condition.{name}": f"{name.title().replace('_', '')}Config" for name in _CONDITIONS},
    }
    # The embedded cloud ignores conditions on the query.
    arguments = (
        *("listener_arn", "priority"),
        *(f"condition.{name}" for name in _CONDITIONS),
        *(f"action.{name}" for name in _ACTIONS),
    )

    def changeable(self) -> Collection[str]:
        return {*super().changeable(), "priority"}

    def make(self, aws: Aws, planned: Values) -> Any:
        if not planned["priority"]:
            rules = self.client(aws).describe_rules(ListenerArn=planned["listener_arn"])["Rules"]
            planned["priority"] = 1 + max((int(one["Priority"]) for one in rules if not one["IsDefault"]), default=0)
        return super().make(aws, planned)

    def _request(self, aws: Aws, method: str, values: Values, keep: Collection[str] = ()) -> dict[str, Any]:
        request = super()._request(aws, method, values, keep)
        for condition in request.get("Conditions", ()):
            (config,) = condition
            condition["Field"] = "-".join(re.findall("[A-Z][a-z]+", config)[:-1]).lower()
        return request

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        return _as_given(super().parsed(aws, state, found), "action", state)

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        super().update(aws, prior, planned)
        if prior["priority"] != planned["priority"]:
            priority = {"RuleArn": planned["id"], "Priority": int(planned["priority"])}
            self.client(aws).set_rule_priorities(RulePriorities=[priority])


class ListenerCertificate(Elb):
    type_name, label = "aws_lb_listener_certificate", "ELBv2 Listener Certificate"
    calls = Calls.of("listener_certificates", create="add", read="describe", update="", delete="remove")
    answer, tagging, found_by = "Certificates[]", None, ("listener_arn",)
    names = {"certificate_arn": "CertificateArn|Certificates[].CertificateArn"}
    id_form = "{listener_arn}_{certificate_arn}"
