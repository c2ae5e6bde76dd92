"""Diagnostics of a type's exceptions, in the provider's words."""

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
def reported(type_: Type[Any], doing: str, values: Values) -> Iterator[None]:
    """Raise DiagnosticError, in the provider's words, for any exception of the block."""
    try:
        yield
    except DiagnosticError:
        raise
    except Exception as error:
        raise DiagnosticError(failure(type_, error, doing, values)) from error


def failure(type_: Type[Any], error: Exception, doing: str, values: Values) -> Diagnostic:
    """Return the diagnostic of an exception while `doing` something."""
    detail = traceback.format_exc() if os.environ.get("TF_LOG") else ""
    return Diagnostic(type_.explain(error, doing, values), detail)
