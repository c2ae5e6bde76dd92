"""`python -m cdktf_harness.cloud.server` runs the embedded AWS with the harness's changes to it."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from cdktf_harness.cloud import installation, parent_watchdog, pid_file
from cdktf_harness.cloud.ports import held_elsewhere
from cdktf_harness.system.errors import HarnessError


def main() -> None:
    """Run until a signal arrives."""
    port = int(os.environ["GATEWAY_PORT"])
    try:
        with held_elsewhere(port), _fork_server() as providers, pid_file.kept(port, providers):
            parent_watchdog.install()
            _serve(port)
    except HarnessError as error:
        sys.exit(str(error))


@contextmanager
def _fork_server() -> Iterator[dict[str, str]]:
    """Have a process from which the deployment's providers are forked, if wanted, and yield the variables for it."""
    if not os.environ.pop(pid_file.FORKS, ""):
        yield {}
        return
    from terraform_standins.serving.fork_server import ForkServer

    with closing(ForkServer(Path.cwd().parent)) as server:
        yield server.variables


def _serve(port: int) -> None:
    # Imported late, after the process is recorded: it takes most of a second, in which the command may be killed.
    installation.use()
    from ministack import app as upstream  # type: ignore[import-untyped]

    from cdktf_harness.cloud import functions, outgoing
    from cdktf_harness.cloud.access_config import Access
    from cdktf_harness.cloud.front_door import connections, credentials, routing, services
    from cdktf_harness.cloud.front_door.door import FrontDoor

    access = Access.read(Path.cwd())
    # Before ministack's services are imported.
    services.install(access.services)
    functions.prepare()
    credentials.install(access, port)

    from cdktf_harness.cloud import fault_middleware, patches

    functions.install(port, Path.cwd())
    patches.install()
    connections.install()
    outgoing.install()
    routing.install()
    served = upstream.app
    if access.enforced:
        from cdktf_harness.cloud.permissions import enforced

        enforced.install(Path.cwd())
        served = enforced.Enforced(served, access)
    served = fault_middleware.Faults(served, Path.cwd())
    # What is imported stays until the end; each full garbage collection would scan it while requests wait.
    gc.collect()
    gc.freeze()
    # As ministack's own `main`, with applications around its own; the front door is the outermost.
    upstream.app = FrontDoor(served, port, access)
    upstream.main()


if __name__ == "__main__":
    main()
