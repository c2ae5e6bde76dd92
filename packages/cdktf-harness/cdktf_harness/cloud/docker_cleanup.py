"""Remove the containers and images of an embedded cloud from the Docker engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from cdktf_harness.docker.engine import find_engine

if TYPE_CHECKING:
    from docker import DockerClient

INSTANCE_LABEL = "ministack.instance"
# Part of the engine's error if another client is removing the same object.
_CONFLICT = "already in progress"


def remove_leftovers(*, instance: str, registry: str) -> list[str]:
    """Remove the containers that the cloud `instance` started and the images named after `registry` (host:port).

    Return what could not be removed, and why. Raises HarnessError if no engine answers.
    """
    client = find_engine().client
    return list(filter(None, (_tried(what, remove) for what, remove in _leftovers(client, instance, registry))))


def _leftovers(client: DockerClient, instance: str, registry: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each object and the function that removes it."""
    label = f"{INSTANCE_LABEL}={instance}"
    for container in client.containers.list(all=True, filters={"label": label}, ignore_removed=True):
        yield f"container {container.name}", partial(container.remove, force=True, v=True)
    # A lookup of each image would fail if another client removes it.
    for image in client.api.images():
        listed = [*(image.get("RepoTags") or ()), *(image.get("RepoDigests") or ())]
        names = [name for name in listed if "<none>" not in name]
        ours = [name for name in names if name.startswith(f"{registry}/")]
        # An image keeps its other names. One whose tag was pushed again has only a digest: remove it by its id.
        for name in [str(image["Id"])] if ours and ours == names else ours:
            yield f"image {name}", partial(client.images.remove, name, force=True)


def _tried(what: str, remove: Callable[[], object]) -> str:
    from docker.errors import APIError, NotFound

    try:
        remove()
    except NotFound:
        return ""
    except APIError as error:
        return "" if _CONFLICT in str(error) else f"{what} ({error.explanation or error})"
    return ""
