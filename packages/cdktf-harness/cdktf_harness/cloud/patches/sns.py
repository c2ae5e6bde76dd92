"""SNS: Subscribe returns the ARN on request, emptied policies are removed, and functions are called asynchronously.

ministack ignores `ReturnSubscriptionArn` for HTTP endpoints (services/sns.py 663-667), keeps an emptied document as
`{}`, and keeps the scope of a removed filter policy (796). It logs endpoints, which are secrets (1349-1374).
https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html , API_SetSubscriptionAttributes.html .
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any

from ministack.services import sns as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.patches.lambda_.asynchronous import call
from cdktf_harness.cloud.replacing import replaces

_PENDING = b"<SubscriptionArn>pending confirmation</SubscriptionArn>"
_EMPTY = ("", "{}", None)
_DOCUMENTS = ("DeliveryPolicy", "FilterPolicy", "RedrivePolicy")
_URL = re.compile(r"(https?://)(?:[^/\s]*@)?([^/\s]+)\S*")


def _hide(record: logging.LogRecord) -> bool:
    """Leave only the host of each URL."""
    record.msg, record.args = _URL.sub(r"\1\2/...", record.getMessage()), ()
    return True


service.logger.addFilter(_hide)


@replaces(service, "_subscribe")
def _subscribe(original: Any, params: Any) -> Any:
    status, headers, body = original(params)
    if _PENDING in body and service._p(params, "ReturnSubscriptionArn") == "true":
        topic, _ = service._get_topic(service._p(params, "TopicArn"))
        arn = topic["subscriptions"][-1]["arn"]
        body = body.replace(_PENDING, f"<SubscriptionArn>{arn}</SubscriptionArn>".encode())
    return status, headers, body


@replaces(service, "_set_subscription_attributes")
def _set_attributes(original: Any, params: Any) -> Any:
    answer = original(params)
    name, arn = service._p(params, "AttributeName"), service._p(params, "SubscriptionArn")
    if answer[0] == 200 and name in _DOCUMENTS:
        attributes = service._find_subscription(service._sub_arn_to_topic[arn], arn)["attributes"]
        if attributes[name] in _EMPTY:
            del attributes[name]
            if name == "FilterPolicy":
                attributes.pop("FilterPolicyScope", None)
    return answer


@replaces(service, "_deliver_to_lambda")
def _deliver(_: Any, endpoint: str, envelope: str, topic: str, subscription: str, *__: Any) -> None:
    record = {"EventVersion": "1.0", "EventSubscriptionArn": subscription, "EventSource": "aws:sns"}
    call(endpoint, "sns.amazonaws.com", topic, {"Records": [{**record, "Sns": json.loads(envelope)}]})
