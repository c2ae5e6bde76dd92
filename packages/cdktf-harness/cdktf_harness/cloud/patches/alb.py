"""Load balancers: HTTP/2 is on by default.

ministack has three of the default attributes (services/alb.py 864-868), and a provider reads a missing one as off.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#load-balancer-attributes
"""

from __future__ import annotations

from typing import Any

from cdktf_harness.cloud.patches.replacing import change_service


def _change(service: Any) -> None:
    create = service._ACTION_MAP["CreateLoadBalancer"]

    def create_with_http2(params: Any) -> Any:
        known = set(service._lbs)
        answer = create(params)
        for arn in set(service._lbs) - known:
            if service._lbs[arn]["Type"] == "application":
                service._lb_attrs[arn].append({"Key": "routing.http2.enabled", "Value": "true"})
        return answer

    service._ACTION_MAP["CreateLoadBalancer"] = create_with_http2


change_service("alb", _change)
