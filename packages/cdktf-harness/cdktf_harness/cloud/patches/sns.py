"""SNS: Subscribe returns the ARN on request, and emptied policies are removed.

ministack ignores `ReturnSubscriptionArn` for HTTP endpoints (services/sns.py 663-667), keeps an emptied document as
`{}`, and keeps the scope of a removed filter policy (796).
https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html , API_SetSubscriptionAttributes.html .
"""

from __future__ import annotations

from typing import Any

from ministack.services import sns as service  # type: ignore[import-untyped]

_PENDING = b"<SubscriptionArn>pending confirmation</SubscriptionArn>"
_EMPTY = ("", "{}", None)
_DOCUMENTS = ("DeliveryPolicy", "FilterPolicy", "RedrivePolicy")


def install() -> None:
    """Return the ARN on request; remove emptied attributes."""
    subscribe, set_attributes = service._subscribe, service._set_subscription_attributes

    def subscribe_with_arn(params: Any) -> Any:
        status, headers, body = subscribe(params)
        if _PENDING in body and service._p(params, "ReturnSubscriptionArn") == "true":
            topic, _ = service._get_topic(service._p(params, "TopicArn"))
            arn = topic["subscriptions"][-1]["arn"]
            body = body.replace(_PENDING, f"<SubscriptionArn>{arn}</SubscriptionArn>".encode())
        return status, headers, body

    def set_or_forget(params: Any) -> Any:
        answer = set_attributes(params)
        name, arn = service._p(params, "AttributeName"), service._p(params, "SubscriptionArn")
        if answer[0] == 200 and name in _DOCUMENTS:
            attributes = service._find_subscription(service._sub_arn_to_topic[arn], arn)["attributes"]
            if attributes[name] in _EMPTY:
                del attributes[name]
                if name == "FilterPolicy":
                    attributes.pop("FilterPolicyScope", None)
        return answer

    service._subscribe = subscribe_with_arn
    service._set_subscription_attributes = set_or_forget
