"""EventBridge: functions get the events of a rule asynchronously, if their policy allows it for the rule."""

from __future__ import annotations

import json
from contextvars import ContextVar
from typing import Any

from ministack.services import eventbridge as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.patches.lambda_.asynchronous import call
from cdktf_harness.cloud.replacing import replaces

_rule: ContextVar[str] = ContextVar("rule", default="")


@replaces(service, "_invoke_target")
def _invoke(original: Any, target: Any, event: Any, rule: dict[str, Any], *more: Any) -> Any:
    token = _rule.set(rule.get("Arn", ""))
    try:
        return original(target, event, rule, *more)
    finally:
        _rule.reset(token)


@replaces(service, "_dispatch_to_lambda")
def _dispatch(_: Any, arn: str, payload: str) -> None:
    call(arn, "events.amazonaws.com", _rule.get(), json.loads(payload))
