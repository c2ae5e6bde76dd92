"""Subscriptions of HTTPS endpoints to the topics of the app's alarms.

Whoever knows such a URL can raise incidents, so it is in no setting, plan, state of Terraform or log. The embedded
cloud keeps it in its folder, which only its user can read.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.operations import alarms
from cdktf_harness.system.errors import HarnessError

_PROTOCOL = "https"
# More than any URL of an endpoint has.
MOST_BYTES = 2048


def topics(deployment: Deployment) -> list[str]:
    """Return the ARNs of the topics to which alarms go. Raises HarnessError if there is none."""
    actions = (action for alarm in alarms.deployed(deployment) for action in alarm.get("AlarmActions", ()))
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
