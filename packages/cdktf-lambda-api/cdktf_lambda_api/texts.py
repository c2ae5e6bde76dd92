"""Texts that Terraform would change."""

from __future__ import annotations

import re
import unicodedata

# What Terraform evaluates begins so.
TEMPLATE = re.compile(r"[$%]+(?={)")


def literal(text: str) -> str:
    """Quote `text` for a place where Terraform expects a template.

    Not with `$${`, in which CDKTF would still find its own references.
    """
    return TEMPLATE.sub(r'${"\g<0>"}', text)


def is_normal(text: str) -> bool:
    """Whether `text` is in Unicode's normal form C, to which Terraform converts any other."""
    return unicodedata.is_normalized("NFC", text)
