"""Snapshots of synthesized stacks, for review as a diff."""

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
    """One JSON file per case; a `Stack` is written in its `scrubbed` form."""

    def serialize(self, data: Any, **options: Any) -> str | bytes:
        """Return the text of the file."""
        return super().serialize(scrubbed(data) if isinstance(data, Stack) else data, **options)


def scrubbed(stack: Stack) -> Any:
    """Return the stack's JSON without what differs between machines, sources and releases."""
    text = json.dumps(stack.document).replace(json.dumps(str(stack.root))[1:-1], "PROJECT")
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return json.loads(text)
