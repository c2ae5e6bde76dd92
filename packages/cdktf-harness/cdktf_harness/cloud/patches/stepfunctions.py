"""Step Functions: a state machine keeps its tracing configuration; ministack drops it (services/stepfunctions.py 571).

https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
"""

from __future__ import annotations

import json
from typing import Any

from ministack.services import stepfunctions as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_create_state_machine", "_update_state_machine")
def _change(original: Any, data: dict[str, Any]) -> Any:
    answer = original(data)
    arn = data.get("stateMachineArn") or json.loads(answer[2]).get("stateMachineArn")
    if answer[0] == 200 and "tracingConfiguration" in data:
        service._state_machines[arn]["tracingConfiguration"] = data["tracingConfiguration"]
    return answer
