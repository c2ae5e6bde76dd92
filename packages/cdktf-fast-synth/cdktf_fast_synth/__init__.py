"""Import this first in an app that synthesizes once and exits: bindings load lazily, and Node starts at once.

The synthesized JSON is the same. CDKTF_FAST_SYNTH=0 turns all patches off. CDKTF_FAST_SYNTH=explain prints to standard
error each patch that was not applied because a package has another version than the patch was written for.
"""

import os

# Importing the package is all of its interface.
__all__: list[str] = []

if os.environ.get("CDKTF_FAST_SYNTH") != "0":
    from cdktf_fast_synth.start import begin

    begin()
