"""Auto Scaling: groups have target groups.

ministack ignores `TargetGroupARNs` (services/autoscaling.py 230-270), and does not have the operations for them.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html
"""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

from ministack.services import autoscaling as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import extended, replaces

_KEY = "TargetGroupARNs"
_NAME = "AutoScalingGroupName"


@replaces(service._ACTION_MAP, "CreateAutoScalingGroup")
def _create(original: Any, params: Any) -> Any:
    answer = original(params)
    if answer[0] == 200:
        service._asgs[service._p(params, _NAME)][_KEY] = service._parse_member_list(params, _KEY)
    return answer


@replaces(service._ACTION_MAP, "DescribeAutoScalingGroups")
def _describe(original: Any, params: Any) -> Any:
    def groups(name: str) -> str:
        arns = (service._asgs.get(name) or {}).get(_KEY, ())
        return f"<{_KEY}>{''.join(f'<member>{escape(arn)}</member>' for arn in arns)}</{_KEY}>"

    return extended(original(params), _NAME, groups)


def _change(verb: str, params: Any) -> Any:
    group, arns = service._asgs.get(service._p(params, _NAME)), service._parse_member_list(params, _KEY)
    if group is None:
        return service._error("ValidationError", "AutoScalingGroup name not found - null")
    group[_KEY] = [arn for arn in group.get(_KEY, ()) if arn not in arns] + (arns if verb == "Attach" else [])
    operation = f"{verb}LoadBalancerTargetGroups"
    return service._xml(200, f"{operation}Response", f"<{operation}Result/>")


for _verb in ("Attach", "Detach"):
    service._ACTION_MAP[f"{_verb}LoadBalancerTargetGroups"] = partial(_change, _verb)
