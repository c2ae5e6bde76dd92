"""The error of this package, and what it quotes."""

_LONGEST = 300


class SignatureError(Exception):
    """An image cannot be signed, or is not signed by the key; the text is one line that says what to do."""


def one_line(said: str) -> str:
    """What another program said, without what would change the terminal, and not too long."""
    return " ".join("".join(one if one.isprintable() else " " for one in said).split())[:_LONGEST]
