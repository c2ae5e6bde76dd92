"""Whether a deployment is monitored, and what its logs have."""

from __future__ import annotations

import json
from typing import Any

from cdktf_harness.pytest_plugin import Deployed


def is_monitored(deployment: Deployed) -> bool:
    """Whether alarms and access logs are deployed: on AWS if the user's settings say so."""
    return bool(deployment.outputs["api"]["alarms"])


def logged(deployment: Deployed, group: str) -> list[dict[str, Any]]:
    """The lines in a log group that are JSON, oldest first."""
    return [json.loads(line) for line in deployment.cloud.logs(group) if line.startswith("{")]
