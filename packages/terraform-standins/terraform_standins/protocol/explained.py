"""Exceptions of a type in the provider's words."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .base import Type
from .diagnostics import Diagnostic, DiagnosticError
from .values import Values


@contextmanager
def explained(type_: Type[Any], doing: str, values: Values) -> Iterator[None]:
    """Raise DiagnosticError, in the provider's words, for any exception of the block."""
    try:
        yield
    except DiagnosticError:
        raise
    except Exception as error:
        raise DiagnosticError(explain(type_, error, doing, values)) from error


def explain(type_: Type[Any], error: Exception, doing: str, values: Values) -> Diagnostic:
    """Return what to tell about an exception while `doing` something."""
    detail = traceback.format_exc() if os.environ.get("TF_LOG") else ""
    return Diagnostic(type_.explain(error, doing, values), detail)
