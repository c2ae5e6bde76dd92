"""The error that a user of the stand-ins can act on."""


class StandInError(Exception):
    """An error that the user can act on; its text is one line that says what is wrong and what to do."""
