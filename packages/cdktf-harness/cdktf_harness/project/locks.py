"""Locks of files that end with the process that holds them (flock)."""

from __future__ import annotations

import fcntl
import os


def is_held(descriptor: int) -> bool:
    """Whether another open file holds a lock on the same file; closes `descriptor`, and with it a lock of its own."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
