"""What a function may do with a resource: verbs and their actions, by the type of the resource."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from constructs import Node

# The actions that one call needs, as in the Service Authorization Reference; nothing that lists or changes resources.
GRANTS: dict[str, dict[str, Sequence[str]]] = {
    "queue": {
        "send": ["sqs:SendMessage"],
        # Lambda's guide, "Using Lambda with Amazon SQS", execution role.
        "receive": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    },
    "table": {
        "read": ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
        "write": ["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    },
    "bucket": {"read": ["s3:GetObject"], "write": ["s3:DeleteObject", "s3:PutObject"]},
    "topic": {"publish": ["sns:Publish"]},
    "secret": {"read": ["secretsmanager:GetSecretValue"]},
    "parameter": {"read": ["ssm:GetParameter"]},
    "function": {"invoke": ["lambda:InvokeFunction"]},
}


class Granted(Protocol):
    """A construct that rights can be granted on: its type in `GRANTS`, and the ARN of what the actions are on."""

    kind: str

    @property
    def granted_arn(self) -> str:
        """The ARN."""

    @property
    def node(self) -> Node:
        """Its place in the app."""


def actions(resource: Granted, verb: str) -> list[str]:
    """Return the actions of a verb. Raises ValueError if the type of the resource has no such verb."""
    verbs = GRANTS[resource.kind]
    if verb not in verbs:
        raise ValueError(f"grant: got {verb!r}. A {resource.kind} has {', '.join(verbs)}")
    return [*verbs[verb]]
