"""What to do about a type that the bundled providers lack."""

from __future__ import annotations

from ..aws.out_of_reach import REASON, is_out_of_reach


def for_type(type_name: str) -> str:
    """The end of a sentence that begins with Terraform's error for the type."""
    if is_out_of_reach(type_name):
        return f" among the bundled providers, and {REASON}; add the type: docs/adding-a-type.md of terraform-standins"
    return " among the bundled providers; take the real provider with --providers auto"
