"""Run a command as root of a user namespace in which users have their usual numbers: `own_users.py COMMAND...`.

Since Linux 6.7 such a namespace has emulators of its own. `unshare` does not map several users without other programs.

Source: Linux man-pages, user_namespaces(7).
"""

from __future__ import annotations

import ctypes
import os
import sys

_CLONE_NEWUSER = 0x10000000
# Those that Debian's packages and images use.
_MAP = "0 0 65536\n"


def main(command: list[str]) -> int:
    """Return the exit code of the command."""
    entered, mapped = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER):
            raise OSError(ctypes.get_errno(), "unshare")
        os.write(entered[1], b".")
        os.read(mapped[0], 1)
        os.setgid(0)
        os.setuid(0)
        os.execvp(command[0], command)
    os.close(entered[1])
    os.read(entered[0], 1)
    for name in ("uid_map", "gid_map"):
        with open(f"/proc/{child}/{name}", "w") as file:
            file.write(_MAP)
    os.write(mapped[1], b".")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
