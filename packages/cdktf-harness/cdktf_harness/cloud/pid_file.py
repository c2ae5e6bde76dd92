"""The environment of a cloud's process, and its record in the cloud's folder, which the process writes itself.

The command that starts the process may be killed at any time. The process holds the lock of the deployment until the
record is written, so that the next command always reads it.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from cdktf_harness.cloud import installation
from cdktf_harness.cloud.ports import HOST
from cdktf_harness.system import code_digest as contents
from cdktf_harness.system import deployment_lock, json_store
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.processes import Process

NAME = "cloud.json"
LOG = "cloud.log"
# The folder of temporary files.
TEMPORARY = "tmp"
MODULE = "cdktf_harness.cloud.server"
# The variable with the descriptors of the deployment's lock.
DESCRIPTORS = "CDKTF_HARNESS_CLOUD_LOCKS"
# The variable with the digest of the code that the process was started with.
CODE = "CDKTF_HARNESS_CLOUD_CODE"
# The variable that is set if the process starts one from which providers are forked.
FORKS = "CDKTF_HARNESS_CLOUD_FORKS_PROVIDERS"

# What runs in the process, and in the one from which providers are forked.
_PACKAGES = (
    *("cdktf_harness.cloud", "cdktf_harness.docker", "cdktf_harness.project", "cdktf_harness.system"),
    *("terraform_standins", "buildkit_client", "docker_build_context"),
)


# Prefixes of the variables that the process inherits: what programs need on any machine. ministack reads others, too,
# such as those of LocalStack (SERVICES, USE_SSL), and would pass the user's AWS configuration to the functions.
_INHERITED = (
    *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_", "TZ", "XDG_", "PYTHON", "LD_", "DYLD_", "CDKTF_HARNESS_"),
    *("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY", "SSH_AUTH_SOCK"),
    *("SSL_CERT_", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
)


def code() -> str:
    """Return a fingerprint of a cloud's code that changes with an update of the harness or ministack."""
    return f"{installation.VERSION} {contents.digest(*_PACKAGES)}"


def variables(folder: Path, port: int, *, enforced: bool, forks: bool) -> dict[str, str]:
    """Return the variables of the cloud in `folder`; for `enforced` and `forks`, see `Cloud.start`."""
    env = {name: value for name, value in os.environ.items() if name.upper().startswith(_INHERITED)}
    return env | {
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        DESCRIPTORS: " ".join(map(str, deployment_lock.inherited())),
        CODE: code(),
        FORKS: "1" if forks else "",
        "AUTH": str(enforced).lower(),
        "LAMBDA_EXECUTOR": "docker",
        "LAMBDA_STRICT": "1",
        "PERSIST_STATE": "1",
        # Relative to the working directory, which stays the cloud's folder if that is moved.
        "STATE_DIR": "state",
        # The defaults are in /tmp, under predictable names.
        "TMPDIR": str(folder / TEMPORARY),
        "S3_DATA_DIR": "state/s3",
        # Both listen on all interfaces, on fixed ports.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # The default is 10; starting many functions at once takes longer.
        "MINISTACK_DOCKER_TIMEOUT": "120",
        "PYTHONUNBUFFERED": "1",
    }


def engine(env: Mapping[str, str]) -> str:
    """Return the address of the Docker engine that a process with the variables `env` calls; empty for the default."""
    return env.get("DOCKER_HOST", "")


@contextmanager
def kept(port: int, providers: Mapping[str, str]) -> Iterator[None]:
    """Keep the record of this process, which listens on `port`, with the variables `providers`, in the working folder.

    Remove the process from the record when the block ends.
    """
    path = Path.cwd() / NAME
    always = _place(port, str(path.parent))
    json_store.write(path, {**always, **_running(Process.of(os.getpid()), os.environ), "providers": dict(providers)})
    for descriptor in os.environ.pop(DESCRIPTORS, "").split():
        os.close(int(descriptor))
    with suppress(SystemExit):
        yield
    # The folder may have been removed.
    with suppress(OSError):
        for file in (*path.parent.glob("state"), *path.parent.glob("state/**/*")):
            file.chmod(0o700 if file.is_dir() else 0o600)
        json_store.write(path, always)


def read(folder: Path) -> dict[str, Any]:
    """Return the record of the cloud in `folder`, empty if there is none.

    Restore one that was damaged or deleted from the process.
    """
    with suppress(HarnessError):
        if record := json_store.read(folder / NAME, _valid):
            return dict(record)
    # Without a log, none was ever started; to look at all processes takes 20 ms.
    record = next(running_clouds(folder), {}) if (folder / LOG).exists() else {}
    if record:
        json_store.write(folder / NAME, record)
    return record


def original(folder: Path) -> Path | None:
    """Return the folder that `folder` was copied from with its record, if that is still there; else None.

    What the record names, such as the process, belongs to that one. A folder that was moved has no original.
    """
    record = read(folder)
    first = Path(record.get("folder", folder))
    # A damaged record may have any text.
    with suppress(OSError, ValueError):
        if not first.samefile(folder) and read(first).get("port") == record["port"]:
            return first
    return None


def _place(port: int, folder: str) -> dict[str, Any]:
    """Return the part of a record that stays when the cloud has ended."""
    return {"port": port, "host": socket.gethostname(), "folder": folder}


def _running(process: Process, env: Mapping[str, str]) -> dict[str, Any]:
    """Return the part of a record about a process that was started with the variables `env`."""
    return {**process.record, "code": env.get(CODE, ""), "engine": engine(env)}


def _valid(content: Any) -> bool:
    match content:
        case {"port": int(port), "host": str()} if 0 < port < 1 << 16:
            return isinstance(content.get("folder", ""), str)
    return False


def running_clouds(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of the clouds that run in `folder`, from their processes; the folder may have been removed."""
    real = os.path.realpath(folder)
    for process in psutil.process_iter():
        with suppress(psutil.Error, KeyError, ValueError):
            if MODULE in process.cmdline() and process.cwd().removesuffix(" (deleted)") == real:
                given = process.environ()
                yield {**_place(int(given["GATEWAY_PORT"]), real), **_running(Process.of(process.pid), given)}
