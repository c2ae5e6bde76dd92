"""Which of the two an app is written for: CDK for Terraform (cdktf), or its fork CDK Terrain (cdktn).

Both read cdktf.json and the same CDKTF_* variables, and write the same stacks (cdktn-cli 0.24); only the names of
packages differ, and so does that of the command line.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

Kind = Literal["cdktf", "cdktn"]

# Where Python and Node apps name what they depend on.
DEPENDENCY_FILES = ("package.json", "Pipfile", "pyproject.toml", "requirements*.txt")
# A dependency stands at the start of a line, or of a quoted text.
_CDKTN = re.compile(r"""(?:^|["'])\s*cdktn(?:-cli|-provider-[a-z0-9-]+)?(?![\w.-])""", re.MULTILINE)


def kind(root: Path) -> Kind:
    """What the app in the folder `root` depends on; also the name of the command line that runs it."""
    files = (path for pattern in DEPENDENCY_FILES for path in root.glob(pattern))
    return "cdktn" if any(_CDKTN.search(path.read_text(errors="replace")) for path in files) else "cdktf"
