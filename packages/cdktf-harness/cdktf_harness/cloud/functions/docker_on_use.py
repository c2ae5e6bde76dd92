"""Import the Docker SDK when a function is started: ministack imports it with Lambda, a third of a cloud's start."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _DockerOnUse(ModuleType):
    def __getattr__(self, name: str) -> Any:
        # Python's import lock makes this safe for requests in several threads.
        return getattr(import_module("docker"), name)


def install() -> None:
    """Import ministack's Lambda without the Docker SDK. Call this before anything else imports it."""
    sys.modules["docker"] = _DockerOnUse("docker")
    try:
        import_module("ministack.services.lambda_svc")
    finally:
        del sys.modules["docker"]
