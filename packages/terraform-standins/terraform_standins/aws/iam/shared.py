"""IAM: helpers for roles and their policies."""

from __future__ import annotations

import json
from typing import Any

from ..documents import normalise_json

GONE = ("NoSuchEntity", "NoSuchEntityException")
"""IAM's error codes that mean that an object does not exist."""
PROPAGATION_SECONDS = 120
"""How long a change in IAM may take to be visible everywhere."""


def attached(client: Any, role: str) -> list[str]:
    """The ARNs of the policies that are attached to a role."""
    pages = client.get_paginator("list_attached_role_policies").paginate(RoleName=role)
    return [policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"]]


def text_of(document: Any) -> str:
    """A policy document as text."""
    # botocore has parsed it if it could.
    return document if isinstance(document, str) else normalise_json(json.dumps(document))
