"""Lambda: an event invoke configuration without a maximum event age is described without one.

ministack sets the largest allowed age (services/lambda_svc.py 6957). AWS omits it. Terraform would plan its removal.
"""

from __future__ import annotations

from typing import Any

from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

_AGE = "MaximumEventAgeInSeconds"


def install() -> None:
    """Omit the age if the request omits it; events still have the largest age."""
    put = service._put_event_invoke_config

    def put_as_given(function: str, qualifier: str | None, data: dict[str, Any]) -> Any:
        answer = put(function, qualifier, data)
        if answer[0] != 200 or _AGE in data:
            return answer
        configuration = service._event_invoke_config(service._functions[function], qualifier)
        configuration.pop(_AGE, None)
        return service.json_response(configuration)

    service._put_event_invoke_config = put_as_given
