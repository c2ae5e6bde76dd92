"""Synthesized stacks as files that a reviewer reads in a diff."""

from __future__ import annotations

import json
import re
from typing import Any

from syrupy.extensions.json import JSONSnapshotExtension

from cdktf_harness.synthesis.stacks import Stack

# Versions of CDKTF and of providers; hashes of sources and of assets (cdktf's own are upper case); paths.
_RULES = (
    (re.compile(r'("version": )"[^"]*\d\.\d[^"]*"'), r'\1"VERSION"'),
    (re.compile(r"\b(?:[0-9a-f]{16,64}|[0-9A-F]{32,64})\b"), "HASH"),
)


class StackSnapshot(JSONSnapshotExtension):
    """One JSON file a case; a `Stack` is written as `scrubbed` leaves it."""

    def serialize(self, data: Any, **options: Any) -> str | bytes:
        """The text of the file."""
        return super().serialize(scrubbed(data) if isinstance(data, Stack) else data, **options)


def scrubbed(stack: Stack) -> Any:
    """The stack's JSON without what differs from one machine, source or release to the next."""
    text = json.dumps(stack.document).replace(json.dumps(str(stack.root))[1:-1], "PROJECT")
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return json.loads(text)
