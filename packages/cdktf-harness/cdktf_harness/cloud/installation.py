"""Where ministack is: in this environment, or in a folder that all projects of the user share.

ministack requires a single version of botocore, but works with others: so pip would install it beside no other boto3,
and it is in the extra `cloud` only. Without that, the first start of a cloud installs it, without its dependencies.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from cdktf_harness.system import user_cache
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.system.programs import run

VERSION = "1.5.33"
# Of its wheel.
_HASH = "sha256:36f9158cbe7eb7a3f910ccf1c052c98204511164249b783682f7a96ef56b0bba"


def ensure() -> None:
    """Install ministack if it is not there. Raises HarnessError."""
    folder = _folder()
    if _is_in_environment() or folder.exists():
        return
    pip = [sys.executable, "-m", "pip"] if find_spec("pip") else [shutil.which("uv") or "", "pip"]
    if not pip[0]:
        raise HarnessError("the embedded cloud is not installed: pip install cdktf-harness[cloud]")
    with user_cache.lock(folder.name), tempfile.TemporaryDirectory(dir=folder.parent) as new:
        if folder.exists():
            return
        # Only from a file can it have a hash.
        requirement = Path(new, "requirements.txt")
        requirement.write_text(f"ministack=={VERSION} --hash={_HASH}\n")
        install = ["install", "--quiet", "--no-deps", "--only-binary", ":all:", "--target", f"{new}/site"]
        try:
            run([*pip, *install, "-r", str(requirement)], cwd=Path(new), env=os.environ)
        except CommandFailed as failure:
            raise HarnessError(
                f"the embedded cloud cannot be installed: {failure.tail.strip().splitlines()[-1:]}; "
                "check the network and pip's index, or pip install cdktf-harness[cloud]"
            ) from None
        os.replace(f"{new}/site", folder)


def use() -> None:
    """Let this process import ministack."""
    if not _is_in_environment():
        sys.path.insert(0, str(_folder()))


def _folder() -> Path:
    return user_cache.folder() / f"ministack-{VERSION}"


def _is_in_environment() -> bool:
    try:
        return metadata.version("ministack") == VERSION
    except metadata.PackageNotFoundError:
        return False
