"""Build an image and push it with the engine's API.

Every engine since 18.09 contains BuildKit (`POST /build?version=2`). It builds only the required stages, sets
TARGETARCH and the like, and supports the classic and the containerd image store. The API needs neither the `docker`
command nor the buildx plugin. A build for one platform without attestations, which only a client requests, makes a
plain image manifest and not an index. Lambda accepts only the former.

API: https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageBuild
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docker import APIClient

from buildkit_client.errors import BuildFailed, PushFailed
from buildkit_client.filesync import Entry
from buildkit_client.progress import Progress
from buildkit_client.session import offer
from docker_build_context import read_context

_STILL_SECONDS = 1800


@dataclass(frozen=True, kw_only=True)
class Build:
    """What to build; `dockerfile` is relative to `context`, `platform` is `linux/arm64`."""

    context: Path
    tags: Sequence[str]
    dockerfile: str = "Dockerfile"
    target: str = ""
    platform: str = ""
    build_args: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    no_cache: bool = False
    pull: bool = False
    network: str = ""


def build(client: APIClient, what: Build, log: Callable[[str], None] = lambda line: None) -> str:
    """Build and tag an image, and return its id. `log` gets each line of the output.

    Raises BuildFailed if a step fails, docker_build_context.ContextError if the context or Dockerfile cannot be used.
    """
    parameters: dict[str, Any] = {
        "version": "2",
        "dockerfile": Path(what.dockerfile).name,
        "t": list(what.tags),
        "target": what.target,
        "platform": what.platform,
        "buildargs": json.dumps(dict(what.build_args)),
        "labels": json.dumps(dict(what.labels)),
        "nocache": int(what.no_cache),
        "pull": int(what.pull),
        "networkmode": what.network,
        "rm": 1,
    }
    with (
        offer(client, folders(what.context, what.dockerfile)) as session,
        client.post(
            f"{client.base_url}/v{client.api_version}/build",
            params={**parameters, "session": session, "remote": "client-session"},
            stream=True,
            timeout=_STILL_SECONDS,
        ) as response,
    ):
        progress = Progress(log)
        for message in _messages(response):
            progress.message(message)
            if "error" in message:
                text = str(message["error"]).strip()
                log(f"ERROR: {text}")
                raise BuildFailed(text, tail=progress.tail(text))
    return str(client.inspect_image(what.tags[0])["Id"])  # type: ignore[no-untyped-call]


def push(
    client: APIClient,
    image: str,
    auth: Mapping[str, str] | None = None,
    *,
    before_retry: Callable[[], None] = lambda: None,
) -> None:
    """Push `host/name:tag`; `auth` is {"username": ..., "password": ...}.

    The engine tries each layer five times in 50 s. `before_retry` is called before each retry, and may raise to stop.
    Ask the registry for the digest: the containerd image store does not return it.
    Raises PushFailed if the registry or the engine reports an error.
    """
    repository, _, tag = image.rpartition(":")
    for message in client.push(repository, tag, auth_config=dict(auth or {}), stream=True, decode=True):
        if str(message.get("status")).startswith("Retrying in"):
            before_retry()
        if "error" in message:
            raise PushFailed(str(message["error"]).strip())


def folders(context: Path, dockerfile: str) -> dict[str, list[Entry]]:
    """The folders that BuildKit requests: `context` without ignored files, and the folder with the Dockerfile.

    Raises docker_build_context.ContextError if the context or Dockerfile cannot be used.
    """
    found = read_context(context, dockerfile)
    source = (context / dockerfile).resolve()
    return {
        "context": [Entry(name, status, context / name) for name, status in found.entries.items()],
        "dockerfile": [Entry(Path(dockerfile).name, source.stat(), source)],
    }


def _messages(response: Any) -> Iterator[dict[str, Any]]:
    if response.status_code != 200:
        raise BuildFailed(_reason(response))
    for line in response.iter_lines():
        if line:
            yield json.loads(line)


def _reason(response: Any) -> str:
    try:
        return str(response.json()["message"])
    except (ValueError, KeyError):
        return f"the Docker engine answered {response.status_code} {response.reason}"
