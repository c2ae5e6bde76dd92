"""The calls in the life of a deployment: what each step asks for, once each."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from cdktf_harness.cloud.permissions.decisions import Decision

_ALWAYS_ALLOWED = ("sts:GetCallerIdentity",)
FILE = Path(__file__).with_name("calls.json")


def read() -> dict[str, list[Decision]]:
    """The calls by step."""
    content = json.loads(FILE.read_text())
    return {step: [Decision("", *call) for call in calls] for step, calls in content.items()}


def written(calls: Mapping[str, Sequence[Decision]]) -> str:
    """The calls as a text that is the same in each run."""
    found = {}
    for step, decisions in calls.items():
        lines = {
            json.dumps([call.action, _named(call.resource), _named_all(call.context)])
            for call in decisions
            if call.action not in _ALWAYS_ALLOWED
        }
        found[step] = [json.loads(line) for line in sorted(lines)]
    return _lines(found)


def _lines(found: Mapping[str, list[object]]) -> str:
    """As JSON with a call on each line, for a diff that can be reviewed."""
    steps = (f"{json.dumps(step)}: [\n" + ",\n".join(map(json.dumps, calls)) + "\n]" for step, calls in found.items())
    return "{" + ",\n".join(steps) + "}\n"


def _named(resource: str) -> str:
    resource = re.sub(
        r"(restapis|apikeys|usageplans|resources|deployments|keys)(/|%2F)[0-9a-z]{8,}", r"\1\2ID", resource
    )
    resource = re.sub(r"(webacl/ours/)[0-9a-f-]+", r"\g<1>0a1b", resource)
    return re.sub(r":key/[0-9a-f-]{36}", ":key/ID", resource)


def _named_all(context: Mapping[str, object]) -> dict[str, object]:
    return {key: sorted(value) if isinstance(value, list) else value for key, value in sorted(context.items())}
