"""Record this process in a file, then execute a program in it.

`python -m cdktf_harness.system.exec_recorder FILE PROGRAM [ARGUMENT...]`

Inherited descriptors, such as those of locks, stay open until the record is written. So the process that starts a
program may be killed at any time: the next holder of the lock finds the program in the record.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cdktf_harness.system import json_store
from cdktf_harness.system.processes import Process


def main(file: Path, command: list[str]) -> None:
    """Write the record and execute the program."""
    json_store.write(file, Process.of(os.getpid()).record)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
