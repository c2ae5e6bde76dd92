"""Alarms on expressions, and web ACLs, which the catalogue does not have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .workspace import Workspace

Aws = Callable[[str], Any]
DIMENSIONS = {"FunctionName": "f"}


def query(metric: str, id_: str) -> dict[str, Any]:
    """A query of a metric of the function, which is not returned."""
    stat = {"namespace": "AWS/Lambda", "metric_name": metric, "dimensions": DIMENSIONS, "period": 300, "stat": "Sum"}
    return {"id": id_, "metric": [stat]}


def alarm(expression: str = "100 * errors / calls", **more: Any) -> dict[str, Any]:
    """An alarm on the rate of errors."""
    rate = {"id": "rate", "expression": expression, "label": "Errors, %", "return_data": True}
    return {
        "alarm_name": "many",
        "comparison_operator": "GreaterThanThreshold",
        "evaluation_periods": 1,
        "threshold": 1,
        "treat_missing_data": "notBreaching",
        "metric_query": [rate, query("Errors", "errors"), query("Invocations", "calls")],
        **more,
    }


def apply(workspace: Workspace, **arguments: Any) -> None:
    """Apply a configuration with the alarm; the next plan is empty."""
    workspace.converge(resource={"aws_cloudwatch_metric_alarm": {"this": arguments}})


def test_an_alarm_on_an_expression(workspace: Workspace, aws: Aws) -> None:
    """The embedded cloud evaluates it over the metrics with these dimensions, and says why."""
    apply(workspace, **alarm())
    cloudwatch = aws("cloudwatch")

    def put(calls: int, errors: int, function: str = "f") -> tuple[str, str]:
        dimensions = [{"Name": "FunctionName", "Value": function}]
        data = [
            {"MetricName": name, "Dimensions": dimensions, "Value": value}
            for name, value in {"Invocations": calls, "Errors": errors}.items()
        ]
        cloudwatch.put_metric_data(Namespace="AWS/Lambda", MetricData=data)
        (found,) = cloudwatch.describe_alarms()["MetricAlarms"]
        return found["StateValue"], found["StateReason"]

    assert put(100, 0)[0] == "OK"
    assert put(100, 90, function="other")[0] == "OK"
    assert put(0, 1)[0] == "OK", "1 of 100 is not over 1 %"
    assert put(50, 2) == ("ALARM", "Threshold Crossed: 2 GreaterThanThreshold 1")


def test_an_alarm_without_values(workspace: Workspace, aws: Aws) -> None:
    """It has the configured state; an expression that the embedded cloud cannot calculate changes no state."""
    apply(workspace, **alarm(treat_missing_data="breaching"))
    assert [one["StateValue"] for one in aws("cloudwatch").describe_alarms()["MetricAlarms"]] == ["ALARM"]
    workspace.write(resource={"aws_cloudwatch_metric_alarm": {"this": alarm("FILL(errors, 0)", alarm_name="other")}})
    assert workspace.actions() == {"aws_cloudwatch_metric_alarm.this": ["delete", "create"]}
    workspace.converge()
    assert [one["StateValue"] for one in aws("cloudwatch").describe_alarms()["MetricAlarms"]] == ["INSUFFICIENT_DATA"]


def test_a_web_acl_of_a_stage(workspace: Workspace, aws: Aws) -> None:
    """The association is made, imported, and goes without the web ACL."""
    client = aws("wafv2")
    visible = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
    acl = client.create_web_acl(Name="a", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=visible)
    gateway = aws("apigateway")
    made = gateway.create_rest_api(name="a")
    api, root = made["id"], made["rootResourceId"]
    gateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    gateway.create_stage(restApiId=api, stageName="s", deploymentId=gateway.create_deployment(restApiId=api)["id"])
    arguments = {
        "web_acl_arn": acl["Summary"]["ARN"],
        "resource_arn": f"arn:aws:apigateway:eu-central-1::/restapis/{api}/stages/s",
    }
    address = "aws_wafv2_web_acl_association.this"
    workspace.converge(resource={"aws_wafv2_web_acl_association": {"this": arguments}})
    id_ = workspace.state(address)["id"]
    workspace.run("state", "rm", address)
    workspace.run("import", address, id_)
    assert workspace.plan() == {}
    client.disassociate_web_acl(ResourceArn=arguments["resource_arn"])
    assert workspace.actions() == {address: ["create"]}
    workspace.apply()
    workspace.run("destroy", "-auto-approve")
    with pytest.raises(client.exceptions.WAFNonexistentItemException):
        client.get_web_acl_for_resource(ResourceArn=arguments["resource_arn"])
