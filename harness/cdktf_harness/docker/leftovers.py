"""Remove what an embedded cloud leaves in the Docker engine."""

from __future__ import annotations

from docker.errors import APIError, NotFound

from cdktf_harness.docker.engine import find_engine
from cdktf_harness.errors import HarnessError

_INSTANCE_LABEL = "ministack.instance"


def remove_leftovers(*, instance: str, registry: str) -> None:
    """Remove the containers that the cloud `instance` started and the images named after `registry` (host:port).

    An engine that does not run has no containers to stop, so that is no error.
    """
    try:
        client = find_engine().client
    except HarnessError:
        return
    for container in client.containers.list(all=True, filters={"label": f"{_INSTANCE_LABEL}={instance}"}):
        try:
            container.remove(force=True, v=True)
        except (NotFound, APIError):
            continue
    for image in client.images.list():
        names = [name for name in [*image.tags, *image.attrs.get("RepoDigests", [])] if "<none>" not in name]
        ours = [name for name in names if name.startswith(f"{registry}/")]
        # An image that has other names keeps them; one that was pushed again has its digest only, and goes by its id.
        for name in [str(image.id)] if ours and ours == names else ours:
            try:
                client.images.remove(name, force=True)
            except (NotFound, APIError):
                continue
