"""The function: it greets."""

from __future__ import annotations

import os
from typing import Any


def handler(event: dict[str, Any], _context: Any) -> dict[str, str]:
    """Return a greeting for the name in the event."""
    return {"text": f"{os.environ['GREETING']}, {event['name']}"}
