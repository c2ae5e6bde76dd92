"""Options of several commands."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

Verbose: TypeAlias = Annotated[bool, typer.Option("--verbose", "-v", help="Show what the tools print.")]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Function: TypeAlias = Annotated[str, typer.Option(help="Only this function; default: all.")]
From: TypeAlias = Annotated[str, typer.Option("--from", help="The stage whose images to deploy.")]
Expect: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="Refuse any other digest than this; repeat it if functions have several images."),
]
Undo: TypeAlias = Annotated[
    bool, typer.Option("--undo", help="If the URL does not answer, restore the last good release.")
]
LockTimeout: TypeAlias = Annotated[str, typer.Option(help="How long to wait for the lock of a state, such as 5m.")]
Yes: TypeAlias = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for a confirmation.")]
