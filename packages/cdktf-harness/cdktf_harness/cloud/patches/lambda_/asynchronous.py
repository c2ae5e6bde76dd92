"""Lambda: events of EventBridge, SNS and S3 are asynchronous invocations, with the settings of the called alias.

ministack runs the function once for a rule's or a topic's event (services/eventbridge.py 2425, services/sns.py 1283):
no retry, no dead letters. It calls any function, whatever its policy says, and reads the event invoke configuration of
`$LATEST` only (services/lambda_svc.py 3685), so an alias that fails has no destination. It sets the largest allowed age
of an event (6957), where AWS omits it, and Terraform would plan its removal.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import logging
from typing import Any

from ministack.core.responses import get_account_id, get_region  # type: ignore[import-untyped]
from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.patches.lambda_.permissions import allowed
from cdktf_harness.cloud.replacing import replaces

_AGE = "MaximumEventAgeInSeconds"


@replaces(service, "invoke_async_with_retry")
def _repeat(original: Any, function: Any, event: Any) -> None:
    config = function.get("config") or function
    base, version = service._functions.get(config["FunctionName"]) or {}, config.get("Version", "$LATEST")
    aliases = [name for name, alias in base.get("aliases", {}).items() if alias["FunctionVersion"] == version]
    configs = base.get("event_invoke_configs") or {}
    found = next((configs[qualifier] for qualifier in (version, *aliases) if qualifier in configs), None)
    original({**function, "event_invoke_config": found} if found else function, event)


# Events still have the largest age.
@replaces(service, "_put_event_invoke_config")
def _put(original: Any, function: str, qualifier: str | None, data: dict[str, Any]) -> Any:
    answer = original(function, qualifier, data)
    if answer[0] != 200 or _AGE in data:
        return answer
    configuration = service._event_invoke_config(service._functions[function], qualifier)
    configuration.pop(_AGE, None)
    return service.json_response(configuration)


def call(called: str, principal: str, source: str, event: Any) -> None:
    """Call a function for an event of `source`, an ARN, if its policy allows the service `principal` to do that."""
    function, config, _ = service._get_func_record_for_ref(called)
    if not function or not config:
        reason = "it does not exist"
    elif not allowed(called, principal, source, get_account_id(), get_region()):
        reason = f"its policy does not allow {principal} to call it for {source}"
    else:
        service.invoke_async_with_retry(service._execution_record_for_config(function, config), event)
        return
    logging.getLogger("lambda").warning("%s is not called: %s", called, reason)
