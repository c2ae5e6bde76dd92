"""IAM policy documents."""

from __future__ import annotations

import json
from collections.abc import Mapping


def policy(*statements: Mapping[str, object], **statement: object) -> str:
    """Return the policy document of `statements`, or of one statement."""
    return json.dumps({"Version": "2012-10-17", "Statement": [*statements, *([statement] if statement else [])]})
