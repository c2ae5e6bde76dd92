"""Base images for a build: the public ones, or equivalent ones built from Debian packages."""

from __future__ import annotations

import functools
import http.client
import queue
import ssl
import tempfile
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf_harness.docker import archive, packages, rootfs
from cdktf_harness.docker.engine import Engine
from cdktf_harness.docker.host import Report, silent
from cdktf_harness.docker.recipes import RECIPES, SUITE
from cdktf_harness.system import user_cache
from cdktf_harness.system.errors import HarnessError

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.images import Image

PROBE_SECONDS = 3.0
_LABEL = "cdktf-harness.recipe"
_BUILT = "cdktf-harness/"
# The host of the images of docker.io.
_DOCKER_HOST = "registry-1.docker.io"


def ensure_bases(
    engine: Engine, architecture: str, wanted: Mapping[str, str], report: Report = silent
) -> dict[str, str]:
    """Return the build arguments that name the base images of a build for `architecture`.

    `wanted` maps build arguments to kinds of image: `{"FUNCTION_BASE": "python-distroless"}`. The public image is named
    by its tag if it is in the engine. An argument is omitted if its default can be pulled. For the others an image is
    built from Debian packages once and kept in the engine.

    Raises HarnessError if a kind is unknown, or if an image can neither be pulled nor built.
    """
    for name in wanted.values():
        if name not in RECIPES:
            raise HarnessError(f"base image {name!r} is unknown: use one of {', '.join(sorted(RECIPES))}")
    with ThreadPoolExecutor() as pool:
        tags = pool.map(lambda name: _ensure_base(engine, name, architecture, report), wanted.values())
        return {argument: tag for argument, tag in zip(wanted, tags, strict=True) if tag}


def _ensure_base(engine: Engine, name: str, target: str, report: Report) -> str | None:
    """Return the tag of an image in the engine, public or built from Debian packages, or None to pull the default.

    An image in the engine is preferred to a pull, so that the result does not depend on the network. It is named, since
    the default may be another one: a Dockerfile can name it by digest.
    """
    from docker.errors import DockerException

    client, recipe = engine.client, RECIPES[name]
    architecture = engine.architecture if recipe.native else target
    tag = _tag(name, architecture)
    if _is_in(client, recipe.stands_for, architecture):
        return recipe.stands_for
    certificates = _host_certificates() if recipe.trusts_host else b""
    digest = recipe.digest(architecture.encode(), certificates)
    if _label(client, tag) == digest:
        return tag
    registry = recipe.stands_for.partition("/")[0]
    if registry_answers(registry):
        return None
    with user_cache.lock(tag), tempfile.TemporaryDirectory(prefix="cdktf-harness-") as folder:
        if _label(client, tag) == digest:
            return tag
        if recipe.trusts_host and not certificates:
            raise HarnessError("this machine has no CA bundle: install the package ca-certificates")
        if lacks := packages.missing():
            raise HarnessError(
                f"{recipe.stands_for} cannot be pulled, nor an equivalent image be built from Debian's packages: "
                f"connect to the registry, or {lacks}"
            )
        report(f"Building {tag} from Debian's packages: {registry} did not answer within {PROBE_SECONDS:.0f} s")
        layer = Path(folder) / "layer.tar"
        rootfs.write_layer(recipe, architecture, certificates, layer)
        config = {
            "User": recipe.user,
            "Env": [f"{key}={value}" for key, value in recipe.environment.items()],
            "Entrypoint": list(recipe.entrypoint) or None,
            "WorkingDir": recipe.working_folder,
            "Labels": {_LABEL: digest},
        }
        replaced = _found(client, tag)
        archive.load(client, layer=layer, tag=tag, architecture=architecture, config=config)
        # A container may use it, and the containerd image store keeps no image without a name.
        with suppress(DockerException):
            if replaced and not client.images.get(str(replaced.id)).tags:
                replaced.remove()
    return tag


def image(client: DockerClient, name: str, architecture: str) -> str:
    """Return the image of a kind that is in the engine, built or public; the public one if neither is."""
    public, built = RECIPES[name].stands_for, _tag(name, architecture)
    return built if not _is_in(client, public, architecture) and _label(client, built) else public


def is_built(image: str) -> bool:
    """Return whether an image that `ensure_bases` returned was built from Debian packages."""
    return image.startswith(_BUILT)


def kind_for(repository: str) -> str:
    """Return the kind of image that is equivalent to one of a public repository, `HOST/NAME`; empty without one."""
    wanted = repository.replace(_DOCKER_HOST, "docker.io", 1)
    return next((name for name, recipe in RECIPES.items() if recipe.stands_for.rpartition(":")[0] == wanted), "")


def _tag(name: str, architecture: str) -> str:
    return f"{_BUILT}{name}:{SUITE}-{architecture}"


def _found(client: DockerClient, name: str) -> Image | None:
    from docker.errors import ImageNotFound

    try:
        return client.images.get(name)
    except ImageNotFound:
        return None


def _is_in(client: DockerClient, name: str, architecture: str) -> bool:
    found = _found(client, name)
    return found is not None and bool(found.attrs["Architecture"] == architecture)


def _label(client: DockerClient, tag: str) -> str | None:
    found = _found(client, tag)
    return found.labels.get(_LABEL) if found else None


@functools.cache
def registry_answers(host: str, timeout: float = PROBE_SECONDS) -> bool:
    """Return whether the image registry on `host` answers over HTTPS within `timeout` seconds; cached per process.

    401 counts as an answer: a registry sends it to a client that is not logged in
    (https://distribution.github.io/distribution/spec/api/, "API version check").
    """
    answer: queue.SimpleQueue[bool] = queue.SimpleQueue()

    def ask() -> None:
        # Not through a proxy of this process: the engine pulls, with its own proxy and certificates.
        connection = http.client.HTTPSConnection(_DOCKER_HOST if host == "docker.io" else host, timeout=timeout)
        with suppress(OSError, http.client.HTTPException), closing(connection):
            connection.request("HEAD", "/v2/")
            answer.put(connection.getresponse().status in (200, 401))
        answer.put(False)

    # In a thread, because the timeout of a connection does not apply to the DNS lookup.
    threading.Thread(target=ask, daemon=True).start()
    with suppress(queue.Empty):
        return answer.get(timeout=timeout)
    return False


def _host_certificates() -> bytes:
    """Return the CA bundle that this machine trusts, empty if it has none; `SSL_CERT_FILE` has priority."""
    paths = (ssl.get_default_verify_paths().cafile, "/etc/ssl/certs/ca-certificates.crt")
    return next((Path(path).read_bytes() for path in paths if path and Path(path).is_file()), b"")
