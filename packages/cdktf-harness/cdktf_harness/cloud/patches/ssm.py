"""Systems Manager: a parameter has a value.

ministack takes an empty one (services/ssm.py 329). Terraform's provider sends that to change the description of a
parameter with `value_wo`: AWS refuses the call, so the value stays.
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
"""

from __future__ import annotations

from typing import Any

from ministack.services import ssm as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import refuses


@refuses(service, "_put_parameter")
def _put(data: dict[str, Any]) -> Any:
    if data.get("Value"):
        return None
    text = "1 validation error detected: Value '' at 'value' failed to satisfy constraint: "
    text += "Member must have length greater than or equal to 1."
    return service.error_response_json("ValidationException", text, 400)
