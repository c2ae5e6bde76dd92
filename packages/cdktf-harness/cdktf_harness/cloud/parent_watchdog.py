"""Stop the clouds of a test run when the run ends, even if it is killed.

A cloud outlives the command that starts it, so a killed test run would leave its clouds running.
"""

from __future__ import annotations

import json
import os
import signal
import time
from threading import Thread

from cdktf_harness.system.processes import Process

# The variable that names the process; all child processes of a test run inherit it.
_ENDS_WITH = "CDKTF_HARNESS_CLOUD_ENDS_WITH"
_LOOK_SECONDS = 1.0


def end_with_this_process() -> None:
    """Let clouds that this process or its commands start end soon after it."""
    os.environ[_ENDS_WITH] = json.dumps(Process.of(os.getpid()).record)


def install() -> None:
    """Stop this cloud when the process that the variable names has ended."""
    if wanted := Process.recorded(json.loads(os.environ.pop(_ENDS_WITH, "null"))):
        Thread(target=_end_after, args=(wanted,), daemon=True).start()


def _end_after(process: Process) -> None:
    while process.alive:
        time.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
