"""Lambda: an event invoke configuration has a maximum event age only if one was set.

ministack sets the largest allowed age (services/lambda_svc.py 6957). AWS omits it. Terraform would plan its removal.
"""

from __future__ import annotations

from typing import Any

from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_AGE = "MaximumEventAgeInSeconds"


# Events still have the largest age.
@replaces(service, "_put_event_invoke_config")
def _put(original: Any, function: str, qualifier: str | None, data: dict[str, Any]) -> Any:
    answer = original(function, qualifier, data)
    if answer[0] != 200 or _AGE in data:
        return answer
    configuration = service._event_invoke_config(service._functions[function], qualifier)
    configuration.pop(_AGE, None)
    return service.json_response(configuration)
