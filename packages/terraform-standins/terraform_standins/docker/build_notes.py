"""Notes of each build while it runs: the engine, and the times of its steps by the engine's clock.

With them the caller can find later what the build left in the engine's cache. Each build writes a file into the folder
that the variable BUILDS names. Its lines are JSON: {"engine": ID}, then {"step": DIGEST, "from": SECONDS, "to": SECONDS
or null}. The last line of a step is valid. So the notes of a killed build are complete, too.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from docker import APIClient

from terraform_standins.variables import BUILDS

Note = Callable[[str, float, float | None], None]
"""Takes a step's digest, its start and its end (None while it runs)."""


@contextmanager
def noted(client: APIClient) -> Iterator[Note]:
    """Note the steps of a build in this block; does nothing without the variable."""
    folder = os.environ.get(BUILDS)
    if not folder:
        yield lambda *_: None
        return
    engine = client.info()["ID"]
    with ExitStack() as stack:
        file = None
        # Build even if the notes cannot be written. Without a buffer, which the end would try to write.
        with suppress(OSError):
            file = stack.enter_context((Path(folder) / f"{uuid.uuid4()}.jsonl").open("wb", buffering=0))

        def say(**line: object) -> None:
            with suppress(OSError):
                if file:
                    file.write(json.dumps(line).encode() + b"\n")

        say(engine=engine)
        yield lambda step, start, end: say(step=step, **{"from": start, "to": end})
