"""Stages of a long test, which later runs skip, and the data that they leave to one another."""

from __future__ import annotations

from typing import Any

import pytest

from cdktf_harness.system.errors import HarnessError

_SEEN = pytest.StashKey[set[str]]()
# Those of the fixture `deployment`.
_OWN = {"deploy", "destroy"}


class Stages:
    """`if stages("fill"):` is a stage, `stages["order"] = ...` leaves JSON data to later ones, also of later runs."""

    def __init__(self, config: pytest.Config, test: str) -> None:
        self._config = config
        self._key = f"cdktf-harness/{test.replace('/', '-')}"
        # pytest may run without a cache.
        self._cache: pytest.Cache | None = getattr(config, "cache", None)
        # Without a skipped stage, all of them run again.
        kept: dict[str, Any] = self._cache.get(self._key, {}) if self._cache else {}
        self._data = kept if config.getoption("cdktf_skip") else {}

    def __call__(self, stage: str) -> bool:
        """Return whether to run a stage: unless `--cdktf-skip` names it."""
        self._config.stash.setdefault(_SEEN, set()).add(stage)
        return stage not in self._config.getoption("cdktf_skip")

    def __setitem__(self, name: str, value: Any) -> None:
        self._data[name] = value
        if self._cache:
            self._cache.set(self._key, self._data)

    def __getitem__(self, name: str) -> Any:
        if name not in self._data:
            raise HarnessError(f"no stage has left {name!r}: run the one that sets it, without --cdktf-skip")
        return self._data[name]


def unknown(config: pytest.Config) -> list[str]:
    """Return what `--cdktf-skip` names although no test has such a stage."""
    seen = config.stash.get(_SEEN, set()) | _OWN
    return [stage for stage in config.getoption("cdktf_skip") if stage not in seen]
