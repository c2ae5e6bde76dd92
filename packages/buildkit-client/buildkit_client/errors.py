"""Errors that a user can act on; the text of each is one line.

ClientError
├── EngineError        no Docker engine can be used
├── BuildFailed        an image could not be built
├── PushFailed         an image could not be pushed
└── ManifestNotFound   the registry does not have the image
"""

from __future__ import annotations


class ClientError(Exception):
    """The base of all errors here."""


class EngineError(ClientError):
    """No Docker engine can be used; `missing` if none runs at the default address of this machine."""

    def __init__(self, message: str, *, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing


class BuildFailed(ClientError):
    """The engine could not build an image; `tail` is the end of the failing step's output."""

    def __init__(self, message: str, *, tail: str = "") -> None:
        super().__init__(message)
        self.tail = tail


class PushFailed(ClientError):
    """The engine could not push an image, or the registry refused it."""


class ManifestNotFound(ClientError):
    """The registry does not have the manifest of a tag or digest."""
