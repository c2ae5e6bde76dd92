"""Write files that other processes may read at the same time.

Every start of Terraform imports this module, so it imports little.
"""

from __future__ import annotations

import os
from threading import get_ident


def write(path: str | os.PathLike[str], content: bytes, mode: int = 0o600) -> None:
    """Replace `path` atomically, with `mode`; if that fails, `path` is unchanged. Raises OSError."""
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.{get_ident()}")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def update(path: str | os.PathLike[str], content: bytes, mode: int = 0o600) -> None:
    """Write as `write`, unless `path` has this content and mode already."""
    if os.path.exists(path) and os.stat(path).st_mode & 0o777 == mode:
        with open(path, "rb") as file:
            if file.read() == content:
                return
    write(path, content, mode)
