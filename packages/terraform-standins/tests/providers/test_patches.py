"""Patches of the embedded cloud."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from elsewhere import EMPTY

from cdktf_harness.cloud import Cloud
from cdktf_harness.system.http import Answer, send

from .workspace import Workspace

Aws = Callable[[str], Any]
pytestmark = pytest.mark.usefixtures("workspace")  # which empties the cloud after each test


def test_a_load_balancer_has_http2(aws: Aws) -> None:
    """By default; a provider reads a missing attribute as off."""
    client = aws("elbv2")
    (made,) = client.create_load_balancer(Name="a")["LoadBalancers"]
    found = client.describe_load_balancer_attributes(LoadBalancerArn=made["LoadBalancerArn"])["Attributes"]
    assert {"Key": "routing.http2.enabled", "Value": "true"} in found


def test_a_secret_has_no_value_before_one_is_put(aws: Aws) -> None:
    """Its first value is the only version."""
    client = aws("secretsmanager")
    assert "VersionId" not in client.create_secret(Name="empty")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_secret_value(SecretId="empty")
    version = client.put_secret_value(SecretId="empty", SecretString="a")["VersionId"]
    assert client.describe_secret(SecretId="empty")["VersionIdsToStages"] == {version: ["AWSCURRENT"]}


def test_an_alarm_needs_bad_values_in_as_many_periods_as_it_says(aws: Aws) -> None:
    """Others in the same period do not count, nor those before the evaluated periods, nor periods without values."""
    client = aws("cloudwatch")
    metric = {"MetricName": "Latency", "Dimensions": [{"Name": "ApiName", "Value": "a"}]}
    client.put_metric_alarm(
        AlarmName="slow",
        Namespace="N",
        **metric,
        ExtendedStatistic="p99",
        Period=60,
        EvaluationPeriods=5,
        DatapointsToAlarm=3,
        Threshold=1000,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
    )

    def state(minutes_ago: int, *values: float) -> tuple[str, str]:
        # Some seconds before the end of the period that ends then.
        data = {**metric, "Timestamp": time.time() - 60 * minutes_ago - 5, "Values": values}
        client.put_metric_data(Namespace="N", MetricData=[data])
        (alarm,) = client.describe_alarms(AlarmNames=["slow"])["MetricAlarms"]
        return alarm["StateValue"], alarm["StateReason"]

    assert state(0, 2000)[0] == state(0, 2000, 2000)[0] == state(5, 2000)[0] == state(1, 500)[0] == "OK"
    assert state(4, 2000)[0] == "OK"
    assert state(2, 9000) == ("ALARM", "Threshold Crossed: 2000, 9000, 2000 GreaterThanThreshold 1000")


def test_what_was_never_set_or_was_emptied_is_not_there(aws: Aws) -> None:
    """The event age of a function, the policy of a subscription, and its ARN at once if requested."""
    functions, topics = aws("lambda"), aws("sns")
    functions.create_function(FunctionName="f", **EMPTY)
    functions.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=1)
    assert "MaximumEventAgeInSeconds" not in functions.get_function_event_invoke_config(FunctionName="f")
    topic = topics.create_topic(Name="t")["TopicArn"]
    web = {"Protocol": "http", "Endpoint": "http://127.0.0.1:9/", "ReturnSubscriptionArn": True}
    arn = topics.subscribe(TopicArn=topic, **web, Attributes={"FilterPolicy": '{"a": ["b"]}'})["SubscriptionArn"]
    assert arn.startswith(topic)
    topics.set_subscription_attributes(SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue="{}")
    attributes = topics.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert not {"FilterPolicy", "FilterPolicyScope"} & attributes.keys()


def test_reserved_concurrency_is_that_of_all_versions(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call of an alias is refused where none may run at once."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    functions = aws("lambda")
    functions.create_function(FunctionName="f", Publish=True, **EMPTY)
    functions.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    functions.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    with pytest.raises(functions.exceptions.TooManyRequestsException):
        functions.invoke(FunctionName="f", Qualifier="live")


def test_patterns_select_events(aws: Aws) -> None:
    """By the values of properties in JSON, or by terms, in their case; what is no such pattern is refused."""
    logs = aws("logs")
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")
    lines = ["START", '{"level": "ERROR", "record": {"ms": 30}}', '{"level": "INFO", "record": {"ms": 7}}']
    now = round(1000 * time.time())
    events = [{"timestamp": now, "message": line} for line in lines]
    logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=events)

    def selected(pattern: str) -> list[str]:
        found = logs.filter_log_events(logGroupName="g", filterPattern=pattern)["events"]
        return [event["message"] for event in found]

    assert selected('{ $.level = "ERROR" }') == selected("{$.level=ERR*}") == [lines[1]]
    assert selected("{ $.level != ERROR }") == selected("{ $.record.ms < 30 && $.level = INFO }") == [lines[2]]
    assert selected("{ $.record.ms >= 30 || $.level = INFO }") == lines[1:]
    assert selected("{ $.other = 1 }") == []
    assert selected("") == lines
    assert selected("start") == selected("error") == []
    assert selected("START") == selected("-level") == selected('-": 7" -"30}"') == [lines[0]]
    assert selected("record -ERROR") == selected('": 7}"') == [lines[2]]
    assert selected("?START ?INFO") == [lines[0], lines[2]]
    assert selected("level ?START") == lines[1:]
    for bad in ("{ bad", 'bad"', "%[0-9]%", "[a, b]"):
        with pytest.raises(logs.exceptions.InvalidParameterException, match="Invalid filter pattern"):
            selected(bad)


def test_all_events_of_a_log_group_are_given_in_pages(aws: Aws) -> None:
    """In the order of their times, those that match; no page has more than AWS gives at once."""
    logs, begin = aws("logs"), round(1000 * time.time())
    logs.create_log_group(logGroupName="many")
    for name, numbers in {"a": range(0, 10_002, 2), "b": range(1, 10_002, 2)}.items():
        logs.create_log_stream(logGroupName="many", logStreamName=name)
        events = [{"timestamp": begin + number, "message": f"{number:05}"} for number in numbers]
        logs.put_log_events(logGroupName="many", logStreamName=name, logEvents=events)

    def pages(**options: Any) -> list[list[str]]:
        found = logs.get_paginator("filter_log_events").paginate(logGroupName="many", **options)
        return [[event["message"] for event in page["events"]] for page in found]

    first, second = pages()
    assert len(first) == 10_000
    assert first + second == [f"{number:05}" for number in range(10_002)]
    one = {"PageSize": 1}
    assert pages(filterPattern="1000", PaginationConfig=one) == [["01000"], ["10000"], ["10001"]]
    assert pages(logStreamNames=["b"], startTime=begin + 9_999, PaginationConfig=one) == [["09999"], ["10001"]]
    with pytest.raises(logs.exceptions.InvalidParameterException, match="nextToken"):
        logs.filter_log_events(logGroupName="many", nextToken="none")


def test_an_immutable_tag_is_pushed_once(aws: Aws, cloud: Cloud) -> None:
    """Not again with the same manifest, unlike another tag or a mutable one."""
    ecr = aws("ecr")
    for repository, mutability in (("immutable", "IMMUTABLE"), ("mutable", "MUTABLE")):
        ecr.create_repository(repositoryName=repository, imageTagMutability=mutability)
    (login,) = ecr.get_authorization_token()["authorizationData"]

    def pushed(repository: str, tag: str) -> Answer:
        url = f"{cloud.url}/v2/{repository}/manifests/{tag}"
        return send(url, method="PUT", body=b"{}", headers={"Authorization": f"Basic {login['authorizationToken']}"})

    pushes = ("immutable", "one"), ("immutable", "one"), ("immutable", "two"), ("mutable", "one"), ("mutable", "one")
    assert [pushed(*names).status for names in pushes] == [201, 400, 201, 201, 201]
    assert "already exists" in pushed("immutable", "one").text


def test_a_deleted_tag_is_one_of_an_image(aws: Aws) -> None:
    """With its last tag an image goes, and by its digest with all of its tags."""
    ecr = aws("ecr")
    ecr.create_repository(repositoryName="images")
    images = {name: [f"{name}-{number}" for number in (1, 2, 3)] for name in ("one", "two")}
    for name, given in images.items():
        for tag in given:
            ecr.put_image(repositoryName="images", imageManifest=json.dumps({"name": name}), imageTag=tag)

    def tags(**deleted: str) -> list[list[str]]:
        (named,) = ecr.batch_delete_image(repositoryName="images", imageIds=[deleted])["imageIds"]
        assert named.items() >= deleted.items()
        return [image["imageTags"] for image in ecr.describe_images(repositoryName="images")["imageDetails"]]

    assert tags(imageTag="one-2") == [["one-1", "one-3"], images["two"]]
    assert tags(imageTag="one-3") == [["one-1"], images["two"]]
    (named,) = ecr.batch_get_image(repositoryName="images", imageIds=[{"imageTag": "one-1"}])["images"]
    assert named["imageId"]["imageTag"] == "one-1"
    assert tags(imageTag="one-1") == [images["two"]]
    (digest,) = (image["imageDigest"] for image in ecr.describe_images(repositoryName="images")["imageDetails"])
    assert tags(imageDigest=digest) == []


def test_a_parameter_keeps_its_write_only_value(workspace: Workspace, aws: Aws) -> None:
    """The provider sends no value with another description, which is refused as on AWS."""
    given = {"name": "p", "type": "SecureString", "value_wo": "kept", "value_wo_version": 1}
    workspace.apply(resource={"aws_ssm_parameter": {"p": given}})
    changed = {"aws_ssm_parameter": {"p": {**given, "description": "d"}}}
    assert "Member must have length greater than" in workspace.fails("apply", "-auto-approve", resource=changed)
    assert aws("ssm").get_parameter(Name="p", WithDecryption=True)["Parameter"]["Value"] == "kept"
