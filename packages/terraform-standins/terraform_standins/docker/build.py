"""Build an image and push it, with nothing but the engine's API.

BuildKit is inside every engine since 18.09 (`POST /build?version=2`): it builds only the stages that are needed,
with TARGETARCH and its like, on the classic and on the containerd image store. Asked this way it needs no `docker`
command and no buildx plugin; and a build of one platform without attestations, which only a client asks for, ends in
a plain image manifest, never in an index: Lambda takes nothing else.

API: https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageBuild
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docker import APIClient

from docker_build_context import ContextError, read_context
from terraform_standins.docker.build_notes import Note
from terraform_standins.docker.filesync import Entry
from terraform_standins.docker.progress import Progress
from terraform_standins.docker.session import offer
from terraform_standins.errors import BuildFailed, PushFailed, StandInError

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


def build(
    client: APIClient,
    what: Build,
    log: Callable[[str], None] = lambda line: None,
    note: Note = lambda *_: None,
) -> str:
    """Build, tag, and return the image's id. `log` gets every line of the build's output, `note` the steps' times.

    Raises BuildFailed, and StandInError when there is no such context or Dockerfile.
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
    progress = Progress(log, note)
    with (
        offer(client, folders(what.context, what.dockerfile)) as session,
        client.post(
            f"{client.base_url}/v{client.api_version}/build",
            params={**parameters, "session": session, "remote": "client-session"},
            stream=True,
            timeout=_STILL_SECONDS,
        ) as response,
    ):
        for message in _messages(response):
            progress.message(message)
            if "error" in message:
                text = str(message["error"]).strip()
                log(f"ERROR: {text}")
                raise BuildFailed(text, tail=progress.tail)
    return str(client.inspect_image(what.tags[0])["Id"])  # type: ignore[no-untyped-call]


def push(
    client: APIClient,
    image: str,
    auth: Mapping[str, str] | None = None,
    *,
    before_retry: Callable[[], None] = lambda: None,
) -> None:
    """Push `host/name:tag`; `auth` is {"username": ..., "password": ...}.

    The engine tries each layer five times, in 50 s; `before_retry` is called before each, and may raise to end that.
    Which digest it got, only the registry says: the containerd image store does not. Raises PushFailed with what the
    registry or the engine says.
    """
    repository, _, tag = image.rpartition(":")
    for message in client.push(repository, tag, auth_config=dict(auth or {}), stream=True, decode=True):
        if str(message.get("status")).startswith("Retrying in"):
            before_retry()
        if "error" in message:
            raise PushFailed(str(message["error"]).strip())


def folders(context: Path, dockerfile: str) -> dict[str, list[Entry]]:
    """What BuildKit asks for: the folder `context`, without what is ignored, and the one that has the Dockerfile.

    Raises StandInError when there is no such context or Dockerfile, or something in it that no image can hold.
    """
    try:
        found = read_context(context, dockerfile)
    except ContextError as error:
        raise StandInError(str(error)) from None
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
