"""The smoke test that a user types: the deployed URL, asked by the real `curl`."""

from __future__ import annotations

import json
import shutil
import subprocess
import time

from cdktf_harness.docker import machine
from cdktf_harness.testing import Deployed


def test_curl_gets_the_time(deployment: Deployed) -> None:
    """`curl URL` prints the epoch time and ends well."""
    if not shutil.which("curl"):
        machine.install("curl")
    # A cold start under emulation may outlast the function's time-out on a busy machine, which is a 502.
    options = ["--silent", "--show-error", "--fail", "--max-time", "60", "--retry", "5"]
    command = ["curl", *options, deployment.url]
    before = int(time.time())
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert before <= json.loads(done.stdout)["The current epoch time"] <= time.time()
