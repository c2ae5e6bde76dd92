"""Search for the remains of an embedded cloud in an engine that others use at the same time."""

from __future__ import annotations

import tarfile
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from docker.errors import ImageNotFound

from cdktf_harness.cloud import remove_leftovers
from cdktf_harness.docker import archive
from cdktf_harness.docker.engine import Engine


def test_a_concurrent_removal_of_images_is_no_error(engine: Engine, tmp_path: Path) -> None:
    """At any moment; of the remaining images, exactly those of the registry are removed."""
    layer = tmp_path / "layer.tar"
    with tarfile.open(layer, "w"):
        pass
    run, done = uuid.uuid4().hex[:12], Event()
    ours, foreign = f"localhost:1/{run}:one", f"test-{run}:foreign"

    def load(tag: str, number: int = 0) -> None:
        config = {"Labels": {run: str(number)}}
        archive.load(engine.client, layer=layer, tag=tag, architecture=engine.architecture, config=config)

    def come_and_go() -> None:
        for number in range(1, 1000):
            if done.is_set():
                break
            load(f"test-{run}:{number}", number)
            engine.client.images.remove(f"test-{run}:{number}", force=True)

    load(foreign)
    try:
        with ThreadPoolExecutor() as pool:
            others = pool.submit(come_and_go)
            try:
                for _ in range(5):
                    load(ours)
                    assert remove_leftovers(instance=f"{run}:1", registry="localhost:1") == []
                    with pytest.raises(ImageNotFound):
                        engine.client.images.get(ours)
            finally:
                done.set()
            others.result()
        engine.client.images.get(foreign)
    finally:
        engine.client.images.remove(foreign, force=True)
