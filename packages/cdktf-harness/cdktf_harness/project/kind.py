"""Whether an app uses CDK for Terraform (cdktf) or its fork CDK Terrain (cdktn).

Both read cdktf.json and the same CDKTF_* variables, and write the same stacks (cdktn-cli 0.24). Only the names of
the packages and of the command line differ.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

Kind = Literal["cdktf", "cdktn"]

# The files in which Python and Node apps declare their dependencies.
DEPENDENCY_FILES = ("package.json", "Pipfile", "pyproject.toml", "requirements*.txt")
# A dependency begins a line or a quoted string.
_CDKTN = re.compile(r"""(?:^|["'])\s*cdktn(?:-cli|-provider-[a-z0-9-]+)?(?![\w.-])""", re.MULTILINE)


def kind(root: Path) -> Kind:
    """Return what the app in `root` depends on, which is also the name of its command line."""
    files = (path for pattern in DEPENDENCY_FILES for path in root.glob(pattern))
    return "cdktn" if any(_CDKTN.search(path.read_text(errors="replace")) for path in files) else "cdktf"
