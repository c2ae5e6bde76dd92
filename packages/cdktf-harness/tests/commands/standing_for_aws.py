"""An embedded cloud that stands for AWS, for commands that a test runs."""

from __future__ import annotations

import os

import pytest

from cdktf_harness.cloud.server_process import Cloud
from cdktf_harness.project import environment


def stand_for_aws(cloud: Cloud, patch: pytest.MonkeyPatch, *, region: str, endpoint: str = "", **more: str) -> None:
    """Replace all AWS variables of this process by those of `cloud`, at its URL or `endpoint`, and by `more`."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        patch.delenv(name)
    env = environment.local(region=region, endpoint=endpoint or cloud.url, credentials=cloud.credentials.environment)
    for name, value in {**env, **more}.items():
        # An empty region is none.
        if value:
            patch.setenv(name, value)
