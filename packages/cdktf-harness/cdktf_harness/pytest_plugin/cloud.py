"""The fixture `cloud`, which needs no app. Slow imports are in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from cdktf_harness.pytest_plugin.options import app_folder

if TYPE_CHECKING:
    from cdktf_harness.cloud import Cloud


@pytest.fixture(scope="session")
def cloud(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An empty embedded cloud, in any project.

    `cloud.client("s3")` is a boto3 client, `cloud.logs(group)` the messages of a log group, `cloud.environment` the
    variables with which other AWS clients call it.
    """
    from cdktf_harness.cloud import Cloud, end_with_this_process
    from cdktf_harness.project import environment
    from cdktf_harness.project.project import find

    os.environ |= environment.direct()
    if not pytestconfig.getoption("cdktf_keep"):
        end_with_this_process()
    app = pytestconfig.pluginmanager.hasplugin("cdktf_harness_fixtures")
    region = find(app_folder(pytestconfig)).region if app else os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
    with Cloud(tmp_path_factory.mktemp("cloud"), region).start() as cloud:
        yield cloud
