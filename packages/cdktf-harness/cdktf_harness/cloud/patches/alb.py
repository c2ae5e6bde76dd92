"""Load balancers: HTTP/2 is on by default; listeners have further certificates.

ministack has three of the default attributes (services/alb.py 864-868), and a provider reads a missing one as off; it
has no operations for the certificates of a listener (1497-1528).
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#load-balancer-attributes
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddListenerCertificates.html
"""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

from ministack.services import alb as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_FURTHER = "_further_certificates"


@replaces(service._ACTION_MAP, "CreateLoadBalancer")
def _create(original: Any, params: Any) -> Any:
    known = set(service._lbs)
    answer = original(params)
    for arn in set(service._lbs) - known:
        if service._lbs[arn]["Type"] == "application":
            service._lb_attrs[arn].append({"Key": "routing.http2.enabled", "Value": "true"})
    return answer


def _certificates(operation: str, params: Any) -> Any:
    listener = service._listeners.get(arn := service._p(params, "ListenerArn"))
    if listener is None:
        return service._error("ListenerNotFound", f"Listener '{arn}' not found.")
    named = [part[0] for name, part in params.items() if name.endswith(".CertificateArn")]
    kept = [one for one in listener.get(_FURTHER, []) if one not in named]
    listener[_FURTHER] = arns = kept + (named if operation.startswith("Add") else [])
    members = "".join(f"<member><CertificateArn>{escape(one)}</CertificateArn></member>" for one in arns)
    return service._xml(200, operation, f"<Certificates>{members}</Certificates>")


for _verb in ("Add", "Describe", "Remove"):
    _name = f"{_verb}ListenerCertificates"
    service._ACTION_MAP[_name] = partial(_certificates, _name)
