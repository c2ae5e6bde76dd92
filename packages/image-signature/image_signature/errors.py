"""The error of this package."""


class SignatureError(Exception):
    """An image cannot be signed, or is not signed by the key; the text is one line that says what to do."""
