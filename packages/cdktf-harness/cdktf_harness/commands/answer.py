"""The answer of a deployment: of its URL, or its outputs."""

from __future__ import annotations

import json
from typing import Any

from cdktf_harness.deployment.aws.errors import one_line_errors
from cdktf_harness.deployment.deployment import Deployment


def print_answer(deployment: Deployment) -> None:
    """Print the URL and its answer, or the outputs if the project names no URL. Raises HarnessError."""
    if not deployment.project.url:
        print(json.dumps(own_outputs(deployment), indent=2))
        return
    print(deployment.url())
    with one_line_errors(deployment):
        print(deployment.answer())


def own_outputs(deployment: Deployment) -> dict[str, dict[str, Any]]:
    """Return the outputs by stack without those that only other stacks read."""
    return {
        stack: {name: value for name, value in outputs.items() if not name.startswith("cross-stack-output-")}
        for stack, outputs in deployment.outputs().items()
    }
