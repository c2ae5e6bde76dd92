"""Start functions with debugpy in their containers, while a command asks for that.

`debug.json` in the cloud's folder asks for it. The image is not changed: the debugger and a `sitecustomize` that starts
it are mounted beside its files. A function then handles one request after the other, so that all reach the container
that a client is attached to, and each for up to an hour, since a person reads variables meanwhile.

ministack 1.5.33 has no setting for any of this, so three functions of its Lambda service are replaced.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from pathlib import Path
from typing import Any

from cdktf_harness.project import records
from cdktf_harness.project.errors import HarnessError

REQUEST = "debug.json"
# In the container.
START, PACKAGES = "/var/debugger/start", "/var/debugger/packages"
WAIT = "CDKTF_HARNESS_DEBUGGER_WAITS"
SECONDS = 3600


def ask(cloud: Path, *, wait: bool) -> None:
    """Let the cloud in the folder `cloud` start each new container with the debugger.

    With `wait`, a container handles no request before a client has attached. Raises HarnessError without debugpy.
    """
    # Imported late: no other command needs it.
    try:
        import debugpy
    except ImportError:
        raise HarnessError("debugpy is not installed: pip install debugpy") from None

    package = Path(debugpy.__file__).parent
    records.write(cloud / REQUEST, {"package": str(package), "wait": wait})


def stop_asking(cloud: Path) -> None:
    """Let the cloud start containers without the debugger again."""
    (cloud / REQUEST).unlink(missing_ok=True)


def install(folder: Path) -> None:
    """Make the Lambda service of this process obey the request in `folder`."""
    from docker.types import Mount
    from ministack.services import lambda_svc  # type: ignore[import-untyped]

    options, key, execute = (
        lambda_svc._parse_docker_flags,
        lambda_svc._warm_pool_key,
        lambda_svc._execute_function_docker,
    )

    def options_with_debugger(flags: str) -> dict[str, Any]:
        parsed: dict[str, Any] = options(flags)
        if request := _request(folder):
            sources = {START: str(Path(__file__).parent / "injected"), f"{PACKAGES}/debugpy": request["package"]}
            mounts = [Mount(target, source, type="bind", read_only=True) for target, source in sources.items()]
            parsed["mounts"] = [*parsed.get("mounts", ()), *mounts]
            waits = {WAIT: "1"} if request["wait"] else {}
            parsed["environment"] = {**parsed.get("environment", {}), "PYTHONPATH": f"{START}:{PACKAGES}", **waits}
        return parsed

    def key_with_debugger(name: str, config: dict[str, Any]) -> str:
        # So that a container that was started without the debugger is not used.
        return f"{key(name, config)}{':debugger' if _request(folder) else ''}"

    turns: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def execute_patiently(function: dict[str, Any], *arguments: Any) -> Any:
        if not _request(folder):
            return execute(function, *arguments)
        config = function.get("config") or function
        with turns[config["FunctionName"]]:
            return execute({**function, "config": {**config, "Timeout": SECONDS}}, *arguments)

    lambda_svc._parse_docker_flags = options_with_debugger
    lambda_svc._warm_pool_key = key_with_debugger
    lambda_svc._execute_function_docker = execute_patiently


def _request(folder: Path) -> dict[str, Any] | None:
    request: dict[str, Any] | None = records.read(folder / REQUEST, lambda content: isinstance(content, dict))
    return request
