"""Import this first in an app that synthesizes and ends: its bindings load late, and Node starts at once.

The synthesized JSON is the same. CDKTF_FAST_SYNTH=0 turns all of it off; CDKTF_FAST_SYNTH=explain says on standard
error what is left as it is, because a package has another version than the one that a change was written for.
"""

import os

if os.environ.get("CDKTF_FAST_SYNTH") != "0":
    from cdktf_fast_synth.start import begin

    begin()
