"""What a user reads when something is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import tfplugin_pb2 as pb

Path = tuple[str | int, ...]
"""Steps from a resource's root: attribute names and list indexes."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message of a provider; `summary` is the line in bold."""

    summary: str
    detail: str = ""
    path: Path = ()
    warning: bool = False

    def to_proto(self) -> pb.Diagnostic:
        """The message as Terraform wants it."""
        severity = pb.Diagnostic.WARNING if self.warning else pb.Diagnostic.ERROR
        return pb.Diagnostic(
            severity=severity,
            summary=self.summary,
            detail=self.detail,
            attribute=attribute_path(self.path) if self.path else None,
        )


class DiagnosticError(Exception):
    """Raised anywhere in a provider to end the call with these messages."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(d.summary for d in diagnostics))
        self.diagnostics: Sequence[Diagnostic] = diagnostics


def attribute_path(path: Path) -> pb.AttributePath:
    """The path as Terraform wants it."""
    steps = [
        pb.AttributePath.Step(element_key_int=step)
        if isinstance(step, int)
        else pb.AttributePath.Step(attribute_name=step)
        for step in path
    ]
    return pb.AttributePath(steps=steps)
