"""Start debugpy in the runtime of a function. Python imports this at its start, in the function's container only."""

import os
import socket
import sys

# At the end: an image's own modules have priority.
sys.path.append(os.path.join(os.path.dirname(__file__), "missing"))
# The debugger's adapter is a Python process too.
if "awslambdaric" in sys.orig_argv:
    # No warnings about modules that are frozen in Python and the compiled parts of another Python.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    import debugpy

    debugpy.listen(("127.0.0.1", 5678))
    # The adapter listens before this process has connected to it, and a client that attaches between the two may wait
    # for ever. This name in /proc/net/unix, which needs no file, tells that both are ready.
    ready = socket.socket(socket.AF_UNIX)
    ready.bind("\0cdktf-harness-debugger")
    if os.environ.get("CDKTF_HARNESS_DEBUGGER_WAITS"):
        debugpy.wait_for_client()
