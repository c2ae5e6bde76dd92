"""Lambda: events of EventBridge, SNS and S3 are asynchronous invocations, with the settings of the called alias.

ministack runs the function once for a rule's or a topic's event (services/eventbridge.py 2425, services/sns.py 1283):
no retry, no dead letters. It calls any function, whatever its policy says, and reads the event invoke configuration of
`$LATEST` only (services/lambda_svc.py 3685), so an alias that fails has no destination.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from typing import Any

from ministack.core.responses import get_account_id, get_region  # type: ignore[import-untyped]
from ministack.services import lambda_svc as service  # type: ignore[import-untyped]
from ministack.services import sns

from cdktf_harness.cloud.patches.lambda_.permissions import allowed
from cdktf_harness.cloud.replacing import change_service, replaces

_rule: ContextVar[str] = ContextVar("rule", default="")


@replaces(service, "invoke_async_with_retry")
def _repeat(original: Any, function: Any, event: Any) -> None:
    config = function.get("config") or function
    base, version = service._functions.get(config["FunctionName"]) or {}, config.get("Version", "$LATEST")
    aliases = [name for name, alias in base.get("aliases", {}).items() if alias["FunctionVersion"] == version]
    configs = base.get("event_invoke_configs") or {}
    found = next((configs[qualifier] for qualifier in (version, *aliases) if qualifier in configs), None)
    original({**function, "event_invoke_config": found} if found else function, event)


@replaces(sns, "_deliver_to_lambda")
def _deliver(_: Any, endpoint: str, envelope: str, topic: str, subscription: str, *__: Any) -> None:
    record = {"EventVersion": "1.0", "EventSubscriptionArn": subscription, "EventSource": "aws:sns"}
    _call(endpoint, "sns.amazonaws.com", topic, {"Records": [{**record, "Sns": json.loads(envelope)}]})


def _change_rules(eventbridge: Any) -> None:
    @replaces(eventbridge, "_invoke_target")
    def invoke(original: Any, target: Any, event: Any, rule: dict[str, Any], *more: Any) -> Any:
        token = _rule.set(rule.get("Arn", ""))
        try:
            return original(target, event, rule, *more)
        finally:
            _rule.reset(token)

    @replaces(eventbridge, "_dispatch_to_lambda")
    def dispatch(_: Any, arn: str, payload: str) -> None:
        _call(arn, "events.amazonaws.com", _rule.get(), json.loads(payload))


def _change_buckets(s3: Any) -> None:
    @replaces(s3, "_deliver_event_to_lambda")
    def deliver(_: Any, arn: str, payload: dict[str, Any], __: str) -> None:
        _call(arn, "s3.amazonaws.com", payload["Records"][0]["s3"]["bucket"]["arn"], payload)


change_service("eventbridge", _change_rules)
change_service("s3", _change_buckets)


def _call(called: str, principal: str, source: str, event: Any) -> None:
    function, config, _ = service._get_func_record_for_ref(called)
    if not function or not config:
        reason = "it does not exist"
    elif not allowed(called, principal, source, get_account_id(), get_region()):
        reason = f"its policy does not allow {principal} to call it for {source}"
    else:
        service.invoke_async_with_retry(service._execution_record_for_config(function, config), event)
        return
    logging.getLogger("lambda").warning("%s is not called: %s", called, reason)
