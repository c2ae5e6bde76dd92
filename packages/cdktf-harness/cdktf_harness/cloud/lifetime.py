"""The end of a cloud with the process that it is for: a run of tests, which may be killed.

A cloud outlives the command that starts it. Nobody would ever take down those of a run of tests that was killed.
"""

from __future__ import annotations

import json
import os
import signal
import time
from threading import Thread

from cdktf_harness.project.processes import Process

# The variable that names the process, inherited by all that a run of tests starts.
_ENDS_WITH = "CDKTF_HARNESS_CLOUD_ENDS_WITH"
_LOOK_SECONDS = 1.0


def end_with_this_process() -> None:
    """Let the clouds that this process starts, itself or by a command, end soon after it."""
    os.environ[_ENDS_WITH] = json.dumps(Process.of(os.getpid()).record)


def install() -> None:
    """Stop this process in order when the one that it is for has ended."""
    if wanted := Process.recorded(json.loads(os.environ.pop(_ENDS_WITH, "null"))):
        Thread(target=_end_after, args=(wanted,), daemon=True).start()


def _end_after(process: Process) -> None:
    while process.alive:
        time.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
