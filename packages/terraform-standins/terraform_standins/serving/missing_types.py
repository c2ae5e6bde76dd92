"""Advice about a type that the bundled providers lack."""

from __future__ import annotations

from ..aws.out_of_reach import REASON, is_out_of_reach


def advice(type_name: str) -> str:
    """Return the end of a sentence that begins with Terraform's error for the type."""
    if is_out_of_reach(type_name):
        return f" among the bundled providers, and {REASON}; add the type: docs/adding-a-type.md of terraform-standins"
    return " among the bundled providers; take the real provider with --providers auto"
