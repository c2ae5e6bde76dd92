"""Start functions with debugpy in their containers, while a command asks for that.

`debug.json` in the cloud's folder asks for it. The image is not changed: the debugger and a `sitecustomize` that starts
it are mounted beside its files. A function then handles one request after the other, so that all reach the container
that a client is attached to, and each for up to an hour, since a person reads variables. Its memory is not limited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdktf_harness.system import json_store
from cdktf_harness.system.errors import HarnessError

if TYPE_CHECKING:
    from docker.models.containers import Container

REQUEST = "debug.json"
# In the container.
START, PACKAGES = "/var/debugger/start", "/var/debugger/packages"
WAIT = "CDKTF_HARNESS_DEBUGGER_WAITS"
SECONDS = 3600


@contextmanager
def debugging(cloud: Path, *, wait: bool) -> Iterator[None]:
    """Let the cloud in the folder `cloud` start each new container with the debugger, while the block runs.

    With `wait`, a container handles no request before a client has attached. Raises HarnessError without debugpy.
    """
    # Imported late: no other command needs it.
    try:
        import debugpy
    except ImportError:
        raise HarnessError("debugpy is not installed: pip install debugpy") from None

    package = Path(debugpy.__file__).parent
    json_store.write(cloud / REQUEST, {"package": str(package), "wait": wait})
    try:
        yield
    finally:
        (cloud / REQUEST).unlink(missing_ok=True)


def has_debugger(container: Container, function: str = "") -> bool:
    """Return whether a container of `function`, or of any, was started with the debugger."""
    named = not function or f"AWS_LAMBDA_FUNCTION_NAME={function}" in container.attrs["Config"]["Env"]
    return named and any(mount["Destination"] == START for mount in container.attrs["Mounts"])


@dataclass(frozen=True)
class Request:
    """The debugger's part of a container: folders to mount, and variables."""

    mounts: Mapping[str, str]
    environment: Mapping[str, str]


def request(folder: Path) -> Request | None:
    """Return the request in the folder of a cloud; None if functions run without the debugger."""
    asked: dict[str, Any] | None = json_store.read(folder / REQUEST, lambda content: isinstance(content, dict))
    if not asked:
        return None
    mounts = {START: str(Path(__file__).parent / "injected"), f"{PACKAGES}/debugpy": asked["package"]}
    return Request(mounts, {"PYTHONPATH": f"{START}:{PACKAGES}", **({WAIT: "1"} if asked["wait"] else {})})
