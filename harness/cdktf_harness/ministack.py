"""`python -m cdktf_harness.ministack` runs the embedded AWS with a shorter wait after a change of a function.

After each change ministack 1.5.33 reports a function as in progress for half a second, so that tests see what AWS takes
seconds for. A tenth of that can be seen as well, and a person who waits for the new answer waits for all of it.
"""

from __future__ import annotations

import runpy

from ministack.services import lambda_svc  # type: ignore[import-untyped]

_IN_PROGRESS_SECONDS = 0.05

if __name__ == "__main__":
    # No setting of its own: without this name nothing changes but the time.
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = _IN_PROGRESS_SECONDS
    runpy.run_module("ministack", run_name="__main__")
