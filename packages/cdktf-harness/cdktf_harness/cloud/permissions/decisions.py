"""The decisions of a cloud that evaluates IAM policies, and how another policy would decide."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdktf_harness.cloud import installation

DECISIONS = "decisions.jsonl"


@dataclass(frozen=True)
class Decision:
    """Whether the holder of an access key was allowed an action on a resource.

    `context` is what conditions of policies may ask for, by key.
    """

    key: str
    action: str
    resource: str
    context: Mapping[str, Any]
    allowed: bool = True


def read(folder: Path, key: str) -> Iterator[Decision]:
    """Yield the decisions of the cloud in `folder` for the holder of an access key, in order."""
    path = folder / DECISIONS
    for line in path.read_text().splitlines() if path.exists() else ():
        decision = Decision(**json.loads(line))
        if decision.key == key:
            yield decision


def decider(policy: Mapping[str, Any]) -> Callable[[Decision], bool]:
    """Return a function that decides whether a principal with only this policy is allowed an action.

    It ignores policies of resources.
    """
    installation.use()
    # Imported late: it takes a part of a second.
    from ministack.core import iam_evaluator  # type: ignore[import-untyped]

    statements = [iam_evaluator.parse_policy_document(dict(policy))]

    def allows(decision: Decision) -> bool:
        context = iam_evaluator.EvalContext(
            principal_arn="arn:aws:iam::000000000000:user/principal",
            principal_type="User",
            principal_account="000000000000",
            action=decision.action,
            resource_arn=decision.resource,
            region="",
            service_context={key.lower(): value for key, value in decision.context.items()},
        )
        return bool(iam_evaluator.evaluate(context, statements).decision == "Allow")

    return allows
