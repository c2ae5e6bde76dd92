"""The exceptions of this package.

HarnessError          one line that says what was wrong and what to do
├── NotDeployed       what a command asks for is not deployed
└── CommandFailed     a program that the harness ran ended with an error
"""

from __future__ import annotations

import signal


class HarnessError(Exception):
    """A failure that the user can act on; its text is the one line shown."""


class NotDeployed(HarnessError):
    """Nothing is deployed, or not what is asked for."""


class CommandFailed(HarnessError):
    """A program ended with an exit code other than 0.

    `output` is all that it printed, `tail` the part to show to the user, `code` its exit code, or minus the number of
    the signal that killed it.
    """

    def __init__(self, message: str, *, tail: str = "", output: str = "", code: int = 1) -> None:
        super().__init__(message)
        self.tail = tail
        self.output = output or tail
        self.code = code

    @property
    def ended(self) -> str:
        """How the program ended, if not with exit code 1."""
        return "" if self.code == 1 else describe_exit(self.code)


def describe_exit(code: int) -> str:
    """Describe the end of a program; a negative `code` is that of a signal."""
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
