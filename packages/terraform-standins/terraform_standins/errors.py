"""Errors that a user of the stand-ins can act on.

StandInError       one line that says what was wrong and what to do
├── EngineError    no Docker engine can be used
├── BuildFailed    an image could not be built
└── PushFailed     an image could not be pushed
"""

from __future__ import annotations


class StandInError(Exception):
    """An error that the user can act on; its text is one line."""


class EngineError(StandInError):
    """No Docker engine can be used; `missing` if none runs at the default address of this machine."""

    def __init__(self, message: str, *, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing


class BuildFailed(StandInError):
    """The engine could not build an image; `tail` is the end of the failing step's output."""

    def __init__(self, message: str, *, tail: str = "") -> None:
        super().__init__(message)
        self.tail = tail


class PushFailed(StandInError):
    """The engine could not push an image, or the registry refused it."""
