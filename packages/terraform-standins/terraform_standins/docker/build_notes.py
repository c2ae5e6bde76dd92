"""What is noted of each build while it runs: the engine, and when its steps ran by the engine's clock.

By that, who wanted the build can tell later what it left in the engine's cache. Each build has a file in the folder
that a variable names: lines of JSON, {"engine": ID} and then {"step": DIGEST, "from": SECONDS, "to": SECONDS or null};
of the lines of one step, the last one counts. So what a build did that was killed is known too.
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
"""Takes a step's digest, and when it began and ended (None: not yet)."""


@contextmanager
def noted(client: APIClient) -> Iterator[Note]:
    """Note the steps of a build, while the block runs; nothing without the variable."""
    with ExitStack() as stack:
        file = None
        # A build without notes is better than none.
        with suppress(KeyError, OSError):
            file = stack.enter_context((Path(os.environ[BUILDS]) / f"{uuid.uuid4()}.jsonl").open("w", buffering=1))

        def say(**line: object) -> None:
            with suppress(OSError):
                if file:
                    file.write(json.dumps(line) + "\n")

        say(engine=client.info()["ID"])
        yield lambda step, start, end: say(step=step, **{"from": start, "to": end})
