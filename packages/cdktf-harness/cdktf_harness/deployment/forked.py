"""One process from which the bundled providers of all stacks of a command are forked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from terraform_standins.variables import FORK_SERVER, KEEP_PROVIDERS

# Those of CDKTF's commands in which Terraform starts providers.
_USE_PROVIDERS = ("deploy", "destroy", "diff")


@contextmanager
def providers_forked(command: str, folder: Path, env: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Run the process during one of CDKTF's commands, and give the variables that name it.

    It starts while the app synthesizes. There are no variables if the command or `env` does not use it, or if it runs.
    """
    if command not in _USE_PROVIDERS or KEEP_PROVIDERS not in env or FORK_SERVER in env:
        yield {}
        return
    # Imported late: most commands do not need it.
    from terraform_standins.serving.fork_server import ForkServer

    with closing(ForkServer(folder)) as server:
        yield server.variables
