"""`python -m cdktf_harness.terraform.runner` runs Terraform many times in one process.

Reads a line of JSON, the arguments, and answers with one, the exit code and what was printed on both streams. Terraform
runs in the working directory and with the environment of this process, which ends with the end of standard input.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile

from cdktf_harness.project.variables import STATES
from cdktf_harness.terraform import backend, program


def main() -> None:
    """Answer until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    states = os.environ.get(STATES)
    if states:
        os.umask(0o077)
    with tempfile.TemporaryFile() as output:
        # What the library prints by itself is no answer either.
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
        for line in sys.stdin:
            if states:
                backend.replace(os.curdir, states)
            output.seek(0)
            output.truncate()
            code = program.run(json.loads(line), os.dup(output.fileno()), os.dup(output.fileno()))
            output.seek(0)
            print(json.dumps([code, output.read().decode(errors="replace")]), file=answers, flush=True)


if __name__ == "__main__":
    main()
