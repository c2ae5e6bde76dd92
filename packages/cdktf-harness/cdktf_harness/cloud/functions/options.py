"""What the engine gets for a function's container: Lambda's environment, with the limits of the function."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.functions import ENGINE_ERROR, network
from cdktf_harness.docker.emulation import VARIABLES
from cdktf_harness.docker.engine import Engine
from cdktf_harness.project import environment

if TYPE_CHECKING:
    from docker import DockerClient

EMULATION_MB = 128
"""The additional memory of an emulated function: QEMU itself, and the code that it has translated."""
PIDS = 1024
_MB = 1 << 20
_EMULATOR = "aws-lambda-rie"


class StartFailed(Exception):
    """The container cannot be started; `error` is what Lambda would answer."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.error = {"errorType": kind, "errorMessage": message}


def engine_error(error: Exception | None = None) -> dict[str, str]:
    """Return the error of a function whose container the engine does not start or does not know."""
    from docker.errors import APIError

    if isinstance(error, APIError):
        text = str(error.explanation or error)
        if "invalid mount config" in text:
            text += "; where the embedded cloud runs in a container, mount its folder at the path that it has outside"
        return {"errorType": "Runtime.InvalidEntrypoint", "errorMessage": text}
    return {"errorType": ENGINE_ERROR, "errorMessage": f"the Docker engine does not answer: {error}"}


def options(client: DockerClient, config: dict[str, Any], code: bytes | None, debug: Any) -> dict[str, Any]:
    """Return the options of `docker create`."""
    from docker.types import Mount

    # The proxies of Docker's configuration, which the client gives to each container.
    proxies: Any = vars(client.api)["_proxy_configs"]
    if proxies.get_environment():
        proxies["no_proxy"] = environment.past_proxies(proxies.no_proxy)
    zipped = config.get("PackageType", "Zip") == "Zip"
    name = service._docker_image_for_runtime(config.get("Runtime", "")) if zipped else config["ImageUri"]
    if not name:
        raise StartFailed("Runtime.InvalidRuntime", f"there is no image for the runtime {config.get('Runtime')!r}")
    platform = service._declared_docker_platform(config)
    image = _image(client, name, platform)
    own = (config.get("ImageConfigResponse") or {}).get("ImageConfig") or config.get("ImageConfig") or {}
    command = own.get("Command") or image["Config"].get("Cmd") or []
    if zipped:
        command = ["bootstrap" if config["Runtime"].startswith("provided") else config["Handler"]]
    mounts = _code_mounts(config, code) if zipped else []
    memory = config.get("MemorySize", 128)
    emulated = image["Architecture"] != Engine(client, "").architecture
    variables = _environment(config, command)
    if emulated:
        variables = VARIABLES.get(image["Architecture"], {}) | variables
    limits = {"mem_limit": (memory + EMULATION_MB * emulated) * _MB, "pids_limit": PIDS}
    limits["memswap_limit"] = limits["mem_limit"]
    if debug:
        mounts += [Mount(target, source, type="bind", read_only=True) for target, source in debug.mounts.items()]
        variables |= debug.environment
        limits = {}
    return {
        "image": name,
        "platform": platform,
        "entrypoint": _without_emulator(own.get("EntryPoint") or image["Config"].get("Entrypoint") or []) or None,
        "command": command,
        "working_dir": own.get("WorkingDirectory") or None,
        "environment": variables,
        "labels": service.container_reaper.own_labels("lambda"),
        # As on Lambda, only /tmp is writable. On the disk, since memory is limited.
        "mounts": [*mounts, Mount("/tmp", None, type="volume")],
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        **limits,
    }


def _image(client: DockerClient, name: str, platform: str | None) -> dict[str, Any]:
    """Return what the engine says about an image; pull it if it is not there. Raises StartFailed."""
    from docker.errors import ImageNotFound

    def fits(attributes: dict[str, Any]) -> bool:
        return not platform or platform == f"linux/{attributes['Architecture']}"

    with suppress(ImageNotFound):
        found: dict[str, Any] = client.images.get(name).attrs
        if fits(found):
            return found
    found = client.images.pull(name, platform=platform).attrs
    if not fits(found):
        raise StartFailed(
            "Runtime.InvalidEntrypoint",
            f"the image is for {found['Architecture']}, the function for {platform}: give both the same architecture",
        )
    return found


def _without_emulator(entrypoint: list[str]) -> list[str]:
    if not entrypoint or os.path.basename(entrypoint[0]) != _EMULATOR:
        return entrypoint
    _, *rest = entrypoint
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if "=" not in option and option != "--enable-init-caching":
            rest.pop(0)
    return rest


def _environment(config: dict[str, Any], command: list[str]) -> dict[str, str]:
    """Return the variables of a function's process.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    """
    region, logging = service.get_region(), config.get("LoggingConfig") or {}
    json_logs = logging.get("LogFormat") == "JSON"
    own = {
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_LAMBDA_FUNCTION_NAME": config["FunctionName"],
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
        "AWS_LAMBDA_FUNCTION_VERSION": config.get("Version", "$LATEST"),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_ENDPOINT_URL": f"http://{network.CLOUD_NAME}:{os.environ['GATEWAY_PORT']}",
        "LAMBDA_TASK_ROOT": "/var/task",
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "TZ": ":UTC",
        "_HANDLER": command[-1] if command else "",
    }
    if json_logs:
        own |= {
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_LAMBDA_LOG_LEVEL": logging.get("ApplicationLogLevel") or "INFO",
        }
    return {
        service.HOST_PREFIX_ENV: "true",
        **service.execution_credentials(config),
        **service._runtime_env_vars(config),
        **own,
    }


def _code_mounts(config: dict[str, Any], code: bytes | None) -> list[Any]:
    """Return the mounts of a function from a ZIP file, and of its layers."""
    from docker.types import Mount

    if not code:
        raise StartFailed("Runtime.InvalidEntrypoint", "the function has no code")
    folder = service._docker_extracted_dir(code, "code")
    targets = {"/var/task": folder}
    if config["Runtime"].startswith("provided"):
        targets["/var/runtime"] = folder
    layers = [found for layer in config.get("Layers") or () if (found := service._resolve_layer_zip(layer))]
    if layers:
        # Later ones replace the files of those before.
        targets["/opt"] = tempfile.mkdtemp(prefix="layers-")
        for layer in layers:
            shutil.copytree(service._docker_extracted_dir(layer, "layer"), targets["/opt"], dirs_exist_ok=True)
    return [Mount(target, source, type="bind", read_only=True) for target, source in targets.items()]
