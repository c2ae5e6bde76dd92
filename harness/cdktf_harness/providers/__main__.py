"""`python -m cdktf_harness.providers aws|docker` serves a provider to Terraform; `list` prints the types."""

from __future__ import annotations

import os
import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdktf_harness.providers.errors import StandInError
from cdktf_harness.providers.own_types import with_own
from cdktf_harness.providers.variables import TLS_FOLDER

if TYPE_CHECKING:
    from .resource import Provider

PROVIDERS = ("aws", "docker")


def load(name: str) -> Provider[Any]:
    """The provider `aws` or `docker`, with the app's own types; imports only that one."""
    provider: Provider[Any] = import_module(f"{__package__}.{name}.provider").PROVIDER
    provider.with_own = partial(with_own, name)
    return provider


def supported() -> list[str]:
    """One line a type: `resource aws_ecr_repository`. Raises StandInError."""
    return [f"{type_.kind} {type_.type_name}" for name in PROVIDERS for type_ in load(name).load_types()]


def main(arguments: list[str]) -> int:
    """Serve or list; returns the exit code."""
    if arguments == ["list"]:
        try:
            print("\n".join(sorted(supported())))
        except StandInError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        return 0
    if len(arguments) != 1 or arguments[0] not in PROVIDERS:
        print(__doc__, file=sys.stderr)
        return 2
    from .protocol.server import serve
    from .protocol.servicer import Servicer

    provider = load(arguments[0])
    folder = os.environ.get(TLS_FOLDER)
    return serve(Servicer(provider), provider.protocol, Path(folder) if folder else None)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    # Terraform waits for the end of a provider two or three times a run; tearing down the interpreter costs 30 ms.
    os._exit(code)
