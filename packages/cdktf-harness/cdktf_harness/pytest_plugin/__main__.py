"""`python -m cdktf_harness.pytest_plugin down` removes the deployment of `pytest --cdktf-keep`.

`python -m cdktf_harness.pytest_plugin env` prints the environment in which `cdktf` and `aws` work on it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.project.environment import as_exports
from cdktf_harness.pytest_plugin.kept import kept_folder
from cdktf_harness.synthesis.app import find_app
from cdktf_harness.system.errors import HarnessError


def main(arguments: list[str]) -> int:
    """Remove the kept deployment of the working directory's app, or print its environment; return the exit code."""
    if arguments not in (["down"], ["env"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        project = find_app(Path.cwd()).project
        deployment = LocalDeployment(project, kept_folder(project))
        if arguments == ["env"]:
            print(as_exports(deployment.own_env))
            return 0
        with deployment.owned():
            deployment.remove()
    except HarnessError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
