"""The exceptions of this package.

HarnessError          one line that says what was wrong and what to do
├── NotDeployed       what a command asks for is not deployed
└── CommandFailed     a program that the harness ran ended with an error
"""

from __future__ import annotations


class HarnessError(Exception):
    """A failure that the user can act on; its text is the one line shown."""


class NotDeployed(HarnessError):
    """Nothing is deployed, or not what is asked for."""


class CommandFailed(HarnessError):
    """A program ended with an exit code other than 0.

    `output` is all that it printed, `tail` the part to show to the user.
    """

    def __init__(self, message: str, *, tail: str = "", output: str = "") -> None:
        super().__init__(message)
        self.tail = tail
        self.output = output or tail
