"""Auto Scaling: groups have target groups.

ministack ignores `TargetGroupARNs` (services/autoscaling.py 230-270), and does not have the operations for them.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from cdktf_harness.cloud.replacing import change_service

_KEY = "TargetGroupARNs"
_GROUP = re.compile(r"<AutoScalingGroupName>([^<]+)</AutoScalingGroupName>")


def _change(service: Any) -> None:
    operations = service._ACTION_MAP
    create, describe = operations["CreateAutoScalingGroup"], operations["DescribeAutoScalingGroups"]

    def members(params: Any) -> list[str]:
        return list(service._parse_member_list(params, _KEY))

    def create_with_groups(params: Any) -> Any:
        answer = create(params)
        if answer[0] == 200:
            service._asgs[service._p(params, "AutoScalingGroupName")][_KEY] = members(params)
        return answer

    def shown(found: re.Match[str]) -> str:
        arns = (service._asgs.get(found[1]) or {}).get(_KEY, ())
        items = "".join(f"<member>{escape(arn)}</member>" for arn in arns)
        return f"{found[0]}<{_KEY}>{items}</{_KEY}>"

    def describe_with_groups(params: Any) -> Any:
        status, headers, body = describe(params)
        return status, headers, _GROUP.sub(shown, body.decode()).encode()

    def changing(operation: str, *, attach: bool) -> Any:
        def change(params: Any) -> Any:
            group, arns = service._asgs.get(service._p(params, "AutoScalingGroupName")), members(params)
            if group is None:
                return service._error("ValidationError", "AutoScalingGroup name not found - null")
            group[_KEY] = [arn for arn in group.get(_KEY, ()) if arn not in arns] + (arns if attach else [])
            return service._xml(200, f"{operation}Response", f"<{operation}Result/>")

        return change

    operations["CreateAutoScalingGroup"], operations["DescribeAutoScalingGroups"] = (
        create_with_groups,
        describe_with_groups,
    )
    for verb in ("Attach", "Detach"):
        name = f"{verb}LoadBalancerTargetGroups"
        operations[name] = changing(name, attach=verb == "Attach")


change_service("autoscaling", _change)
