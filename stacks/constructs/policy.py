"""IAM policy documents."""

from __future__ import annotations

import json


def policy(**statement: object) -> str:
    """Return the policy document of one statement."""
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
