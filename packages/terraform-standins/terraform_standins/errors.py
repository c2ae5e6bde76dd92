"""What a user of the stand-ins can act on, as one tree.

StandInError       one line that says what was wrong and what to do
├── EngineError    no Docker engine can be used
├── BuildFailed    an image could not be built
└── PushFailed     an image could not be pushed
"""

from __future__ import annotations


class StandInError(Exception):
    """A failure that the user can act on; its text is the one line shown."""


class EngineError(StandInError):
    """No Docker engine can be used; `missing` where none runs at the usual address of this machine."""

    def __init__(self, message: str, *, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing


class BuildFailed(StandInError):
    """The engine could not build; `tail` is the end of what the failing step printed."""

    def __init__(self, message: str, *, tail: str = "") -> None:
        super().__init__(message)
        self.tail = tail


class PushFailed(StandInError):
    """The engine could not push, or the registry refused."""
