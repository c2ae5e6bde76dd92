"""Syntheses of an app, one for each combination of settings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from threading import Lock
from typing import Any

from cdktf_harness.synthesis.app import App, Settings
from cdktf_harness.synthesis.stacks import Stack, Synthesis


class Synthesizer(Mapping[str, Stack]):
    """The app's stacks by name, with the settings of its cdktf.json; call it for other settings.

    Settings and AWS variables in the environment of the test run are ignored.
    """

    def __init__(self, app: App, folder: Path) -> None:
        self.app = app
        self._folder = folder
        self._known: dict[str, Future[Synthesis]] = {}
        self._lock = Lock()

    def __call__(self, settings: Settings | None = None, **more: Any) -> Synthesis:
        """Return the stacks with these settings. Thread-safe. Raises CommandFailed if the app refuses them."""
        wanted = {**(settings or {}), **more}
        key = json.dumps(wanted, sort_keys=True)
        with self._lock:
            known = self._known.get(key)
            if mine := known is None:
                known = self._known[key] = Future()
                out = self._folder / f"synthesis-{len(self._known)}"
        if mine:
            try:
                env = self.app.clean_environment()
                # As the app writes it, since tests compare it with what is the same on all machines.
                known.set_result(self.app.synthesize(out, env=env, settings=wanted, placed=False))
            except BaseException as error:
                known.set_exception(error)
        return known.result()

    def __getitem__(self, name: str) -> Stack:
        return self()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self())

    def __len__(self) -> int:
        return len(self())
