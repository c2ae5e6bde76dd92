"""The environment of a cloud's process."""

from __future__ import annotations

import os
from pathlib import Path

from cdktf_harness.cloud import pid_file
from cdktf_harness.cloud.ports import HOST
from cdktf_harness.system import deployment_lock


def temporary(folder: Path) -> Path:
    """The folder of temporary files of the cloud in `folder`."""
    return folder / "tmp"


def of(folder: Path, port: int, *, enforced: bool, forks: bool) -> dict[str, str]:
    """Return the variables of the cloud in `folder`; for `enforced` and `forks`, see `Cloud.start`."""
    # Without the user's AWS configuration, which ministack would pass to the functions.
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return env | {
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        pid_file.DESCRIPTORS: " ".join(map(str, deployment_lock.inherited())),
        pid_file.CODE: pid_file.code(),
        pid_file.FORKS: "1" if forks else "",
        "AUTH": str(enforced).lower(),
        "LAMBDA_EXECUTOR": "docker",
        "LAMBDA_STRICT": "1",
        "PERSIST_STATE": "1",
        # Relative to the working directory, which stays the cloud's folder if that is moved.
        "STATE_DIR": "state",
        # The defaults are in /tmp, under predictable names.
        "TMPDIR": str(temporary(folder)),
        "S3_DATA_DIR": "state/s3",
        # Both listen on all interfaces, on fixed ports.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # The default is 10; starting many functions at once takes longer.
        "MINISTACK_DOCKER_TIMEOUT": "120",
        "PYTHONUNBUFFERED": "1",
    }
