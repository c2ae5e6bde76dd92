"""Diagnostics: errors and warnings for the user."""

from __future__ import annotations

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
    """Ends a call with diagnostics, or a text as the summary of one; anything in a provider may raise it."""

    def __init__(self, *diagnostics: Diagnostic | str) -> None:
        self.diagnostics = [Diagnostic(one) if isinstance(one, str) else one for one in diagnostics]
        super().__init__("; ".join(one.summary for one in self.diagnostics))


def attribute_path(path: Path) -> pb.AttributePath:
    """The path in the protocol's form."""
    steps = [
        pb.AttributePath.Step(element_key_int=step)
        if isinstance(step, int)
        else pb.AttributePath.Step(attribute_name=step)
        for step in path
    ]
    return pb.AttributePath(steps=steps)
