"""Diagnostics: errors and warnings for the user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import tfplugin_pb2 as pb

Path = tuple[str | int, ...]
"""Steps from a resource's root: attribute names and list indexes."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error or a warning; Terraform prints `summary` in bold."""

    summary: str
    detail: str = ""
    path: Path = ()
    warning: bool = False

    def to_proto(self) -> pb.Diagnostic:
        """The message in the protocol's form."""
        severity = pb.Diagnostic.WARNING if self.warning else pb.Diagnostic.ERROR
        return pb.Diagnostic(
            severity=severity,
            summary=self.summary,
            detail=self.detail,
            attribute=attribute_path(self.path) if self.path else None,
        )


class DiagnosticError(Exception):
    """Ends a call with diagnostics; anything in a provider may raise it."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(d.summary for d in diagnostics))
        self.diagnostics: Sequence[Diagnostic] = diagnostics


def attribute_path(path: Path) -> pb.AttributePath:
    """The path in the protocol's form."""
    steps = [
        pb.AttributePath.Step(element_key_int=step)
        if isinstance(step, int)
        else pb.AttributePath.Step(attribute_name=step)
        for step in path
    ]
    return pb.AttributePath(steps=steps)
