"""Base images for a build: the public ones, or equal ones made from Debian's packages."""

from __future__ import annotations

import functools
import http.client
import shutil
import ssl
import tempfile
from collections.abc import Mapping
from pathlib import Path

from docker import DockerClient
from docker.errors import ImageNotFound

from cdktf_harness.docker import archive, machine, rootfs
from cdktf_harness.docker.engine import Engine
from cdktf_harness.docker.machine import Report, silent
from cdktf_harness.docker.recipes import RECIPES, SUITE, Recipe
from cdktf_harness.errors import HarnessError

PROBE_SECONDS = 3.0
_LABEL = "cdktf-harness.recipe"


def ensure_bases(
    engine: Engine, architecture: str, wanted: Mapping[str, str], report: Report = silent
) -> dict[str, str]:
    """Return the build arguments under which a build for `architecture` finds its base images.

    `wanted` says which build argument takes which image: `{"FUNCTION_BASE": "python-distroless"}`. An
    argument whose public default is in the engine or can be pulled is left out; for the others an image is
    made from Debian's packages, once, and kept in the engine. Errors: `HarnessError` for an unknown image,
    and where neither the public registry nor mmdebstrap can be had.
    """
    arguments = {}
    for argument, name in wanted.items():
        if name not in RECIPES:
            raise HarnessError(f"Base image {name!r} is unknown; there are {', '.join(sorted(RECIPES))}")
        recipe = RECIPES[name]
        target = engine.architecture if recipe.native else architecture
        if not _public_is_there(engine.client, recipe.stands_for, target):
            arguments[argument] = _ensure_local(engine.client, name, recipe, target, report)
    return arguments


def _ensure_local(client: DockerClient, name: str, recipe: Recipe, architecture: str, report: Report) -> str:
    """Return the tag of the image made from Debian's packages; make it unless the same one is there."""
    tag = f"cdktf-harness/{name}:{SUITE}-{architecture}"
    certificates = _host_certificates() if recipe.trusts_host else b""
    digest = recipe.digest(architecture.encode(), certificates)
    if _label(client, tag) == digest:
        return tag
    with machine.lock(tag), tempfile.TemporaryDirectory(prefix="cdktf-harness-") as folder:
        if _label(client, tag) == digest:
            return tag
        _ensure_mmdebstrap(recipe.stands_for, report)
        report(f"Making {tag} from Debian's packages: {recipe.stands_for} cannot be pulled here")
        layer = Path(folder) / "layer.tar"
        rootfs.write_layer(recipe, architecture, certificates, layer)
        config = {
            "User": recipe.user,
            "Env": [f"{key}={value}" for key, value in recipe.environment.items()],
            "Entrypoint": list(recipe.entrypoint) or None,
            "WorkingDir": recipe.working_folder,
            "Labels": {_LABEL: digest},
        }
        archive.load(client, layer=layer, tag=tag, architecture=architecture, config=config)
    return tag


def _label(client: DockerClient, tag: str) -> str | None:
    try:
        return client.images.get(tag).labels.get(_LABEL)
    except ImageNotFound:
        return None


def _public_is_there(client: DockerClient, image: str, architecture: str) -> bool:
    try:
        if client.images.get(image).attrs["Architecture"] == architecture:
            return True
    except ImageNotFound:
        pass
    return registry_answers(image.partition("/")[0])


@functools.cache
def registry_answers(host: str, timeout: float = PROBE_SECONDS) -> bool:
    """Tell whether the image registry on `host` answers over HTTPS within `timeout` seconds; asked once.

    Any answer counts: a registry says 401 to who has not logged in
    (https://distribution.github.io/distribution/spec/api/, "API version check").
    """
    # Images of docker.io are served by another host.
    name = "registry-1.docker.io" if host == "docker.io" else host
    connection = http.client.HTTPSConnection(name, timeout=timeout)
    try:
        connection.request("HEAD", "/v2/")
        return connection.getresponse().status in (200, 401)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _host_certificates() -> bytes:
    paths = ssl.get_default_verify_paths()
    candidates = (paths.cafile, "/etc/ssl/certs/ca-certificates.crt")
    bundle = next((Path(path) for path in candidates if path and Path(path).is_file()), None)
    if bundle is None:
        raise HarnessError("This machine has no CA bundle; install the package ca-certificates")
    return bundle.read_bytes()


def _ensure_mmdebstrap(instead_of: str, report: Report) -> None:
    if shutil.which("mmdebstrap"):
        return
    if not machine.can_install():
        raise HarnessError(
            f"{instead_of} cannot be pulled and mmdebstrap is not installed to make an equal image; "
            "connect to the registry, or install mmdebstrap"
        )
    machine.install("mmdebstrap", report=report)
