"""CloudWatch has the same answers in each protocol of its clients, and S3 at the host of a bucket."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from cdktf_harness.system.http import send

from .conftest import Running

# Terraform's provider 6.x, SDKs of 2025, its provider 5.x.
PROTOCOLS = ("smithy-rpc-v2-cbor", "json", "query")
COMPARED = {"EvaluationPeriods": 5, "Threshold": 0.5, "ComparisonOperator": "GreaterThanThreshold"}
METRIC = {"Namespace": "N", "MetricName": "M", "Dimensions": [{"Name": "D", "Value": "<1> & 'ä'"}]}
ALARMS: dict[str, dict[str, Any]] = {
    "statistic": {
        **METRIC,
        "Statistic": "Average",
        "Period": 300,
        "AlarmDescription": "means <this> & that",
        "ActionsEnabled": False,
        "TreatMissingData": "notBreaching",
        "AlarmActions": ["arn:aws:sns:eu-central-1:000000000000:a"],
        "OKActions": ["arn:aws:sns:eu-central-1:000000000000:b"],
        "InsufficientDataActions": ["arn:aws:sns:eu-central-1:000000000000:c"],
    },
    "percentile": {
        **METRIC,
        "ExtendedStatistic": "p99",
        "Period": 60,
        "DatapointsToAlarm": 3,
        "EvaluateLowSampleCountPercentile": "ignore",
    },
    "expression": {
        "Metrics": [
            {"Id": "r", "Expression": "100 * m", "Label": "Rate", "ReturnData": True},
            {"Id": "m", "MetricStat": {"Metric": METRIC, "Period": 300, "Stat": "Sum"}, "ReturnData": False},
        ]
    },
}


@pytest.fixture
def clients(running: Running) -> Iterator[dict[str, Any]]:
    """A client of each protocol."""
    import boto3
    from botocore.session import get_session

    clients = {}
    keys = {name.lower(): value for name, value in running.process.credentials.environment.items()}
    for protocol in PROTOCOLS:
        session = get_session()
        # The loader keeps the model, so its clients read the changed one.
        model = session.get_component("data_loader").load_service_model("cloudwatch", "service-2")
        model["metadata"] |= {"protocol": protocol, "protocols": [protocol]}
        where = {"region_name": "eu-central-1", "endpoint_url": running.process.url}
        clients[protocol] = boto3.Session(botocore_session=session).client("cloudwatch", **where, **keys)
    yield clients
    clients["json"].delete_alarms(AlarmNames=[*ALARMS])


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_alarms_are_described_as_they_are_put(protocol: str, clients: dict[str, Any]) -> None:
    """With each argument and no others, whichever protocol they are put and described in."""
    for name, arguments in ALARMS.items():
        clients[protocol].put_metric_alarm(AlarmName=name, **COMPARED, **arguments, Tags=[{"Key": "K", "Value": name}])
    found = [client.describe_alarms(AlarmNames=[*ALARMS])["MetricAlarms"] for client in clients.values()]
    assert found[0] == found[1] == found[2]
    given = {name for arguments in ALARMS.values() for name in arguments}
    for alarm in found[0]:
        expected = {**COMPARED, **ALARMS[alarm["AlarmName"]]}
        assert alarm | expected == alarm
        unexpected = {name for name in alarm.keys() & given - expected.keys() if alarm[name]}
        # The defaults of AWS.
        assert unexpected <= {"ActionsEnabled", "TreatMissingData"}
        for client in clients.values():
            tags = client.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
            assert tags == [{"Key": "K", "Value": alarm["AlarmName"]}]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_metrics_dashboards_pages_and_errors_are_the_same(protocol: str, clients: dict[str, Any]) -> None:
    """What is published in one protocol is read in all; a refusal has the same code."""
    client, now = clients[protocol], int(time.time())
    for number in range(3):
        client.put_metric_alarm(AlarmName=f"page-{number}", **COMPARED, **ALARMS["percentile"])
    pages = client.get_paginator("describe_alarms").paginate(AlarmNamePrefix="page-", PaginationConfig={"PageSize": 2})
    assert [len(page["MetricAlarms"]) for page in pages] == [2, 1]
    client.delete_alarms(AlarmNames=[f"page-{number}" for number in range(3)])

    metric = {"Namespace": protocol, "MetricName": "M"}
    client.put_metric_data(Namespace=protocol, MetricData=[{"MetricName": "M", "Values": [1.5, 2.5], "Timestamp": now}])
    window = {"StartTime": now - 60, "EndTime": now + 60, "Period": 300}
    read = [
        [
            one.get_metric_statistics(**metric, **window, **kind)["Datapoints"]
            for kind in ({"Statistics": ["Average", "Sum"]}, {"ExtendedStatistics": ["p50"]})
        ]
        for one in clients.values()
    ]
    assert read[0] == read[1] == read[2]
    assert (read[0][0][0]["Average"], read[0][0][0]["Sum"]) == (2.0, 4.0)
    client.put_dashboard(DashboardName=protocol, DashboardBody='{"widgets": []}')
    bodies = {one.get_dashboard(DashboardName=protocol)["DashboardBody"] for one in clients.values()}
    assert bodies == {'{"widgets": []}'}
    client.delete_dashboards(DashboardNames=[protocol])
    codes = set()
    for one in clients.values():
        with pytest.raises(one.exceptions.ClientError) as refused:
            one.get_dashboard(DashboardName="none")
        codes.add(refused.value.response["Error"]["Code"])
    assert len(codes) == 1


def test_a_bucket_has_a_host(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """`BUCKET.localhost`, as clients that do not put the bucket into the path address it, presigned URLs too."""
    from botocore.config import Config

    resolve = socket.getaddrinfo
    # Not every machine resolves names below `localhost`.
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **options: resolve("127.0.0.1", *more, **options))
    s3 = running.client("s3", config=Config(s3={"addressing_style": "virtual"}))
    s3.create_bucket(Bucket="hosted", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket="hosted", Key="a b/ä", Body=b"content")
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="hosted")["Contents"]] == ["a b/ä"]
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "hosted", "Key": "a b/ä"})
    assert url.startswith("http://hosted.localhost:")
    assert send(url).body == b"content"
    s3.delete_object(Bucket="hosted", Key="a b/ä")
    s3.delete_bucket(Bucket="hosted")
