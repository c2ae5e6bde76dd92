"""`python -m terraform_standins aws|docker|random|...` serves a provider to Terraform; `list` prints the types."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from terraform_standins.errors import StandInError
from terraform_standins.serving.bundled import PROVIDERS, load, supported
from terraform_standins.variables import TLS_FOLDER


def main(arguments: list[str]) -> int:
    """Serve a provider or list the types; returns the exit code."""
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
    return serve(Servicer(provider), provider.protocol, Path(os.environ.get(TLS_FOLDER, "")))


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    # Skip Python's clean-up, which takes 30 ms: Terraform waits for a provider to exit two or three times per run.
    os._exit(code)
