"""`debug`: deploy locally, and let an editor's debugger attach to the function behind its real route."""

from __future__ import annotations

from cdktf_harness.cloud import debugging
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.local.debugger_proxy import HOST, Debugging
from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.docker.engine import find_engine
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.watch import loop


def debug(deployment: LocalDeployment, *, port: int, wait: bool, function: str = "") -> None:
    """Let debuggers attach on `port`, and deploy every change of a file, until an interrupt.

    With `wait`, a function handles no request before a debugger has attached. They attach to `function`, default: the
    one whose container is the newest. Raises HarnessError for an unknown name.
    """
    say, cloud = deployment.steps.say, deployment.cloud
    name = str(deployment.functions(function)[0].named("function")) if function else ""
    proxy = Debugging(find_engine().client, cloud, say, name)

    def answer() -> str:
        if wait or not deployment.project.url:
            return "attach the debugger"
        # The request starts a container, to which a debugger can attach before the next one.
        return loop.ask(deployment)

    def restart(_: Deployment) -> str:
        proxy.restart()
        return answer()

    with debugging(cloud.folder, wait=wait), proxy.listening(port) as port:
        try:
            answer()
        except HarnessError as error:
            say(f"warning: {error}")
        say(f"Debugger: attach to {HOST}:{port} (debugpy), with the image's folder mapped to /var/task")
        loop.watch(deployment, restart)
