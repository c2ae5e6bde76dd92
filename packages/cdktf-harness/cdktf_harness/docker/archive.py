"""Images as archives for `docker load`, which every engine and image store supports.

`docker import` sets no architecture before Docker 23, and new engines have no classic builder.
Format: https://github.com/moby/docker-image-spec, "Combined Image JSON + Filesystem Changeset Format".
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docker import DockerClient


def load(client: DockerClient, *, layer: Path, tag: str, architecture: str, config: Mapping[str, Any]) -> None:
    """Load an image of one layer (an uncompressed tar file) into the engine as `tag`."""
    with layer.open("rb") as file:
        diff = hashlib.file_digest(file, "sha256").hexdigest()
    image = json.dumps(
        {
            "architecture": architecture,
            "os": "linux",
            "created": "1970-01-01T00:00:00Z",
            "config": config,
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{diff}"]},
            "history": [{"created": "1970-01-01T00:00:00Z", "created_by": "cdktf-harness"}],
        }
    ).encode()
    name = f"{hashlib.sha256(image).hexdigest()}.json"
    manifest = json.dumps([{"Config": name, "RepoTags": [tag], "Layers": ["layer.tar"]}]).encode()
    with tempfile.TemporaryFile() as archive:
        with tarfile.open(fileobj=archive, mode="w") as out:
            for entry, data in ((name, image), ("manifest.json", manifest)):
                info = tarfile.TarInfo(entry)
                info.size = len(data)
                out.addfile(info, io.BytesIO(data))
            out.add(layer, "layer.tar")
        archive.seek(0)
        client.images.load(archive)
