"""The adaptions of the embedded cloud: it answers like AWS where ministack does not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import cbor2
import pytest
from http_server import Response, serving
from signed import send_signed

from cdktf_harness.cloud.process import Cloud
from cdktf_harness.project.errors import HarnessError
from cdktf_harness.project.http import send
from cdktf_harness.pytest_plugin.empty_images import push

from .conftest import REGION
from .workspace import Workspace

Aws = Callable[[str], Any]
ROLE = "arn:aws:iam::000000000000:role/r"
MALFORMED = (502, {"message": "Internal server error"})


@pytest.fixture(autouse=True)
def emptied(workspace: Workspace) -> None:
    """Empty the cloud after each test."""


def _stage(client: Any, **settings: Any) -> tuple[str, str]:
    api = client.create_rest_api(name="a")["id"]
    deployment = client.create_deployment(restApiId=api)["id"]
    client.create_stage(restApiId=api, stageName="s", deploymentId=deployment, **settings)
    return api, deployment


def test_a_stage_has_what_it_was_given_and_no_more(aws: Aws) -> None:
    """Access logs are absent before they are set and after they are removed; a canary keeps numbers as numbers."""
    client = aws("apigateway")
    api, deployment = _stage(client)
    who = {"restApiId": api, "stageName": "s"}
    assert "accessLogSettings" not in client.get_stage(**who)
    assert "accessLogSettings" not in client.get_stages(restApiId=api)["item"][0]

    def patch(**operation: str) -> Any:
        client.update_stage(**who, patchOperations=[operation])
        return client.get_stage(**who)

    stage = patch(op="replace", path="/accessLogSettings/format", value="f")
    assert stage["accessLogSettings"] == {"format": "f"}
    assert "accessLogSettings" not in patch(op="remove", path="/accessLogSettings")
    client.create_stage(
        restApiId=api,
        stageName="c",
        deploymentId=deployment,
        canarySettings={"percentTraffic": 5, "useStageCache": True},
    )
    who["stageName"] = "c"
    stage = patch(op="replace", path="/canarySettings/percentTraffic", value="7.5")
    assert stage["canarySettings"] == {"percentTraffic": 7.5, "useStageCache": True}


def test_tags_are_the_same_in_every_answer(aws: Aws) -> None:
    """Tags of a create, added tags and removed tags, for each taggable object of API Gateway."""
    client = aws("apigateway")
    first = {"A": "1", "B": "2"}
    api = client.create_rest_api(name="a", tags=first)["id"]
    deployment = client.create_deployment(restApiId=api)["id"]
    client.create_stage(restApiId=api, stageName="s", deploymentId=deployment, tags=first)
    key = client.create_api_key(name="k", tags=first)["id"]
    plan = client.create_usage_plan(name="p", tags=first)["id"]
    reads: dict[str, Callable[[], Any]] = {
        f"/restapis/{api}": lambda: client.get_rest_api(restApiId=api),
        f"/restapis/{api}/stages/s": lambda: client.get_stage(restApiId=api, stageName="s"),
        f"/apikeys/{key}": lambda: client.get_api_key(apiKey=key),
        f"/usageplans/{plan}": lambda: client.get_usage_plan(usagePlanId=plan),
    }
    for path, read in reads.items():
        arn = f"arn:aws:apigateway:{REGION}::{path}"
        assert client.get_tags(resourceArn=arn)["tags"] == read()["tags"] == first, path
        client.tag_resource(resourceArn=arn, tags={"C": "3"})
        client.untag_resource(resourceArn=arn, tagKeys=["A"])
        assert client.get_tags(resourceArn=arn)["tags"] == read()["tags"] == {"B": "2", "C": "3"}, path


def test_keys_and_plans(aws: Aws) -> None:
    """AWS generates a missing value and refuses a short one; a plan's limits are numbers, its stages a list."""
    client = aws("apigateway")
    assert len(client.create_api_key(name="k", value="")["value"]) >= 20
    with pytest.raises(client.exceptions.BadRequestException, match="20 characters"):
        client.create_api_key(name="k", value="short")
    api, _ = _stage(client)
    plan = client.create_usage_plan(name="p")
    assert not {"throttle", "quota"} & client.get_usage_plan(usagePlanId=plan["id"]).keys()
    limit = f"/apiStages/{api}:s/throttle/~1time~1GET/rateLimit"
    operations = [
        {"op": "replace", "path": "/throttle/rateLimit", "value": "2.5"},
        {"op": "replace", "path": "/throttle/burstLimit", "value": "3"},
        {"op": "add", "path": "/apiStages", "value": f"{api}:s"},
        {"op": "replace", "path": limit, "value": "1"},
    ]
    client.update_usage_plan(usagePlanId=plan["id"], patchOperations=operations)
    found = client.get_usage_plan(usagePlanId=plan["id"])
    assert found["throttle"] == {"rateLimit": 2.5, "burstLimit": 3}
    assert found["apiStages"] == [{"apiId": api, "stage": "s", "throttle": {"/time/GET": {"rateLimit": 1.0}}}]
    operation = {"op": "remove", "path": "/apiStages", "value": f"{api}:s"}
    client.update_usage_plan(usagePlanId=plan["id"], patchOperations=[operation])
    assert client.get_usage_plan(usagePlanId=plan["id"])["apiStages"] == []


def test_lists_flags_and_keys_with_slashes_are_patched(aws: Aws) -> None:
    """In a REST API and in the response of a method."""
    client = aws("apigateway")
    api = client.create_rest_api(name="a", binaryMediaTypes=["image/png"])["id"]
    operations = [
        {"op": "add", "path": "/binaryMediaTypes/image~1gif"},
        {"op": "remove", "path": "/binaryMediaTypes/image~1png"},
        {"op": "replace", "path": "/endpointConfiguration/types/REGIONAL", "value": "EDGE"},
        {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "false"},
        {"op": "replace", "path": "/minimumCompressionSize", "value": "1024"},
    ]
    client.update_rest_api(restApiId=api, patchOperations=operations)
    found = client.get_rest_api(restApiId=api)
    assert found["binaryMediaTypes"] == ["image/gif"]
    assert found["endpointConfiguration"]["types"] == ["EDGE"]
    assert found["disableExecuteApiEndpoint"] is False
    assert found["minimumCompressionSize"] == 1024
    method = {"restApiId": api, "resourceId": found["rootResourceId"], "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    given = {"cacheNamespace": "c", "responseTransferMode": "STREAM", "tlsConfig": {"insecureSkipVerification": True}}
    client.put_integration(**method, type="HTTP_PROXY", integrationHttpMethod="GET", uri="https://x.invalid", **given)
    assert given.items() <= client.get_integration(**method).items()
    client.put_method_response(**method, statusCode="200")
    operation = {"op": "add", "path": "/responseModels/application~1json", "value": "Empty"}
    client.update_method_response(**method, statusCode="200", patchOperations=[operation])
    answer = client.get_method_response(**method, statusCode="200")
    assert answer["responseModels"] == {"application/json": "Empty"}


def test_alarms_and_dashboards_in_cbor(cloud: Cloud) -> None:
    """In the encoding of the SDK for Go; an alarm has only the values that were set."""

    def ask(operation: str, **arguments: Any) -> Any:
        answer = send_signed(
            f"{cloud.url}/service/GraniteServiceVersion20100801/operation/{operation}",
            cloud.credentials,
            method="POST",
            body=cbor2.dumps(arguments),
            headers={
                "Content-Type": "application/cbor",
                "Accept": "application/cbor",
                "smithy-protocol": "rpc-v2-cbor",
            },
            service="monitoring",
            region="eu-central-1",
        )
        assert answer.headers["smithy-protocol"] == "rpc-v2-cbor"
        return cbor2.loads(answer.body)

    assert ask("PutDashboard", DashboardName="d", DashboardBody='{"widgets": []}') == {
        "DashboardValidationMessages": []
    }
    assert ask("GetDashboard", DashboardName="d")["DashboardBody"] == '{"widgets": []}'
    compared = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 1.0}
    metric = {"MetricName": "m", "Namespace": "n", "Period": 60, "ExtendedStatistic": "p99"}
    queries = [{"Id": "e", "Expression": "1", "Label": "l", "ReturnData": True}]
    ask("PutMetricAlarm", AlarmName="one", **compared, **metric)
    ask("PutMetricAlarm", AlarmName="two", **compared, Metrics=queries)
    one, two = ask("DescribeAlarms", AlarmNames=["one", "two"])["MetricAlarms"]
    assert {key: one.get(key) for key in metric} == metric
    assert "Statistic" not in one
    assert two["Metrics"] == queries
    assert not {"Statistic", "Period", "MetricName"} & two.keys()


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
    functions.create_function(
        FunctionName="f", Role=ROLE, Runtime="python3.13", Handler="a.b", Code={"ZipFile": b"PK\5\6" + bytes(18)}
    )
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
    code = {"Runtime": "python3.13", "Handler": "a.b", "Code": {"ZipFile": b"PK\5\6" + bytes(18)}}
    functions.create_function(FunctionName="f", Role=ROLE, Publish=True, **code)
    functions.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    functions.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    with pytest.raises(functions.exceptions.TooManyRequestsException):
        functions.invoke(FunctionName="f", Qualifier="live")


def test_patterns_in_braces_select_json_events(aws: Aws) -> None:
    """By the values of properties; what is no such pattern is refused."""
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
    with pytest.raises(logs.exceptions.InvalidParameterException, match=r"Invalid filter pattern.*: bad"):
        selected("{ bad")


@pytest.fixture(scope="module")
def function() -> Iterator[tuple[str, list[bytes]]]:
    """The URL of a function in this process, and its results: it returns the last one of the list."""
    returned: list[bytes] = []
    with serving(lambda _: Response(returned[-1])) as port:
        yield f"http://127.0.0.1:{port}/", returned


@pytest.fixture
def returns(aws: Aws, cloud: Cloud, function: tuple[str, list[bytes]]) -> Callable[[str], tuple[int, Any]]:
    """The response of a deployed route whose function returns this JSON."""
    url, returned = function
    arn = aws("lambda").create_function(
        FunctionName="returns",
        Role=ROLE,
        Runtime="python3.13",
        Handler="a.b",
        Code={"ZipFile": b"PK\5\6" + bytes(18)},
        Environment={"Variables": {"MINISTACK_LAMBDA_PROXY_URL": url}},
    )["FunctionArn"]
    client = aws("apigateway")
    api = client.create_rest_api(name="a")
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}/invocations"
    client.put_integration(**method, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    client.create_deployment(restApiId=api["id"], stageName="s")

    def get(text: str) -> tuple[int, Any]:
        returned.append(text.encode())
        answer = send(f"{cloud.url}/restapis/{api['id']}/s/_user_request_/")
        return answer.status, answer.text if answer.status < 400 else json.loads(answer.body)

    return get


def test_what_is_no_proxy_response_is_a_502(returns: Callable[[str], tuple[int, Any]]) -> None:
    """As in API Gateway: five optional keys and no others; bodies and headers are strings."""
    malformed = [
        "5",
        "null",
        '"text"',
        '"{\\"statusCode\\": 200}"',
        "[1]",
        "true",
        '{"hello": "world"}',
        '{"statusCode": "ok"}',
        '{"statusCode": null}',
        '{"statusCode": 7}',
        '{"statusCode": 200, "body": {"a": 1}}',
        '{"statusCode": 200, "headers": {"X": 1}}',
        '{"statusCode": 200, "headers": []}',
        '{"statusCode": 200, "multiValueHeaders": {"X": "a"}}',
    ]
    assert {text: returns(text) for text in malformed} == dict.fromkeys(malformed, MALFORMED)
    assert returns("{}") == (200, "")
    assert returns('{"body": "b"}') == (200, "b")
    assert returns('{"statusCode": "201", "headers": {"X": "a"}, "body": "b", "isBase64Encoded": false}') == (201, "b")


def test_an_immutable_tag_is_pushed_once(aws: Aws, cloud: Cloud) -> None:
    """Also with the same bytes; another tag, and another repository's, is free."""
    ecr = aws("ecr")
    for repository, mutability in (("immutable", "IMMUTABLE"), ("mutable", "MUTABLE")):
        ecr.create_repository(repositoryName=repository, imageTagMutability=mutability)
    (login,) = ecr.get_authorization_token()["authorizationData"]

    def pushed(image: str) -> str:
        return push(f"{cloud.registry}/{image}", "linux/arm64", f"Basic {login['authorizationToken']}")

    digest = pushed("immutable:one")
    with pytest.raises(HarnessError, match=r"answered 400: .*already exists"):
        pushed("immutable:one")
    assert pushed("immutable:two") == digest
    assert pushed("mutable:one") == pushed("mutable:one") == digest
