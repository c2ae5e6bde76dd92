"""Load balancers: HTTP/2 is on by default; listeners have further certificates.

ministack has three of the default attributes (services/alb.py 864-868), and a provider reads a missing one as off; it
has no operations for the certificates of a listener (1497-1528).
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#load-balancer-attributes
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddListenerCertificates.html
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from cdktf_harness.cloud.replacing import change_service

_FURTHER = "_further_certificates"


def _change(service: Any) -> None:
    create = service._ACTION_MAP["CreateLoadBalancer"]

    def create_with_http2(params: Any) -> Any:
        known = set(service._lbs)
        answer = create(params)
        for arn in set(service._lbs) - known:
            if service._lbs[arn]["Type"] == "application":
                service._lb_attrs[arn].append({"Key": "routing.http2.enabled", "Value": "true"})
        return answer

    def further(operation: str, change: Callable[[list[str], list[str]], list[str]]) -> Callable[[Any], Any]:
        def call(params: Any) -> Any:
            listener = service._listeners.get(arn := service._p(params, "ListenerArn"))
            if listener is None:
                return service._error("ListenerNotFound", f"Listener '{arn}' not found.")
            named = [part[0] for name, part in params.items() if name.endswith(".CertificateArn")]
            listener[_FURTHER] = arns = change(listener.get(_FURTHER, []), named)
            members = "".join(f"<member><CertificateArn>{escape(one)}</CertificateArn></member>" for one in arns)
            return service._xml(200, operation, f"<Certificates>{members}</Certificates>")

        return call

    service._ACTION_MAP["CreateLoadBalancer"] = create_with_http2
    for operation, change in (
        ("AddListenerCertificates", lambda had, named: [*dict.fromkeys((*had, *named))]),
        ("DescribeListenerCertificates", lambda had, _: had),
        ("RemoveListenerCertificates", lambda had, named: [one for one in had if one not in named]),
    ):
        service._ACTION_MAP[operation] = further(operation, change)


change_service("alb", _change)
