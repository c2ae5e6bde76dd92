"""The states of the app's alarms, and the HTTPS endpoints that get them.

Whoever knows the URL of such an endpoint can raise incidents, so it is in no setting, plan, state of Terraform or log.
The embedded cloud keeps it in its folder, which only its user can read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.system.errors import HarnessError

_PROTOCOL = "https"
# More than any URL of an endpoint has.
MOST_BYTES = 2048


def states(deployment: Deployment) -> dict[str, str]:
    """Return the state of each alarm: AWS's, or "MISSING"; for a selected function without those of other functions."""
    found = dict.fromkeys(deployment.named("alarms"), "MISSING")
    for alarm in deployed(deployment):
        functions = _functions(alarm) if deployment.selected else set()
        if functions and deployment.named("function") not in functions:
            del found[alarm["AlarmName"]]
        else:
            found[alarm["AlarmName"]] = alarm["StateValue"]
    return found


def deployed(deployment: Deployment) -> Iterator[Mapping[str, Any]]:
    """Yield the app's alarms as AWS describes them."""
    names = list(deployment.named("alarms"))
    # DescribeAlarms takes at most 100 names.
    for start in range(0, len(names), 100):
        page = deployment.client("cloudwatch").describe_alarms(AlarmNames=names[start : start + 100])
        yield from (*page.get("MetricAlarms", ()), *page.get("CompositeAlarms", ()))


def _functions(alarm: Mapping[str, Any]) -> set[str]:
    """Return the names of the functions whose metrics the alarm watches."""
    metrics = [alarm, *(one.get("MetricStat", {}).get("Metric", {}) for one in alarm.get("Metrics", ()))]
    dimensions = (dimension for metric in metrics for dimension in metric.get("Dimensions", ()))
    return {dimension["Value"] for dimension in dimensions if dimension["Name"] == "FunctionName"}


def firing(states: Mapping[str, str]) -> list[str]:
    """Return the names of the alarms that fire."""
    return [name for name, state in states.items() if state == "ALARM"]


def topics(deployment: Deployment) -> list[str]:
    """Return the ARNs of the topics to which alarms go. Raises HarnessError if there is none."""
    actions = (action for alarm in deployed(deployment) for action in alarm.get("AlarmActions", ()))
    found = sorted({action for action in actions if action.split(":")[2] == "sns"})
    if not found:
        raise HarnessError("no alarm of the deployment goes to a topic: deploy alarms first")
    return found


def subscribe(deployment: Deployment, topics: list[str], url: str) -> None:
    """Send the alarms of `topics` to a URL, whose server must confirm that. Raises HarnessError."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != _PROTOCOL or not parts.hostname:
        raise HarnessError("the URL is not one of https: give https://HOST/PATH")
    for topic in topics:
        deployment.client("sns").subscribe(TopicArn=topic, Protocol=_PROTOCOL, Endpoint=url, ReturnSubscriptionArn=True)


def unsubscribe(deployment: Deployment, topics: list[str]) -> int:
    """Remove the subscriptions of all HTTPS endpoints to `topics`, and return how many they were."""
    client, removed = deployment.client("sns"), 0
    for topic in topics:
        for page in client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic):
            for one in page["Subscriptions"]:
                # AWS removes one that was not confirmed after two days; until then, it has no ARN.
                if one["Protocol"] == _PROTOCOL and one["SubscriptionArn"].startswith("arn:"):
                    client.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
                    removed += 1
    return removed
