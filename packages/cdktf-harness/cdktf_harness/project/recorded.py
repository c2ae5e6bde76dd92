"""Become a program whose process is recorded first.

`python -m cdktf_harness.project.recorded FILE PROGRAM [ARGUMENT...]`

The descriptors that this inherits, such as those of locks, are closed when the record is written. So whoever starts a
program may be killed at any time, and who has the lock next finds the program in the record.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cdktf_harness.project import records
from cdktf_harness.project.processes import Process


def main(file: Path, command: list[str]) -> None:
    """Write the record and become the program."""
    records.write(file, Process.of(os.getpid()).record)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
