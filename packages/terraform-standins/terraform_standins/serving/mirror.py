"""A filesystem mirror of the bundled providers, for Terraform's and OpenTofu's `provider_installation`."""

from __future__ import annotations

import json
import platform
import shlex
import sys
from pathlib import Path

from buildkit_client.platforms import architecture

from .. import files
from ..protocol import tls
from ..variables import TLS_FOLDER
from .releases import RELEASES as RELEASES

# OpenTofu's default registry differs from Terraform's.
HOSTS = ("registry.terraform.io", "registry.opentofu.org")

# Terraform records a hash of the launchers. They contain no path, so the hash is the same on every machine and after a
# move. The paths are in `run`, which is not hashed. Terraform starts launchers through symbolic links.
_LAUNCHER = '#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/../../../../../run" {name}\n'


def write_mirror(folder: Path) -> Path:
    """Write the mirror into `folder` and return the configuration file to name in TF_CLI_CONFIG_FILE.

    Files that are up to date are not written again. Raises OSError if the folder is not writable.
    """
    folder = folder.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    tls.keep(folder)
    files.update(folder / "run", _run_script(folder).encode(), 0o755)
    for host in HOSTS:
        for namespace, name, version in RELEASES:
            package = (
                folder
                / host
                / namespace
                / name
                / version
                / f"{platform.system().lower()}_{architecture(platform.machine())}"
            )
            package.mkdir(parents=True, exist_ok=True)
            files.update(package / f"terraform-provider-{name}_v{version}", _LAUNCHER.format(name=name).encode(), 0o755)
    config = folder / "terraform.rc"
    files.update(config, cli_config(folder).encode(), 0o644)
    return config


def cli_config(folder: Path) -> str:
    """Terraform's CLI configuration: bundled providers from the mirror, all others from their registries."""
    sources = [f"{host}/{release.source}" for host in HOSTS for release in RELEASES]
    names = ", ".join(map(json.dumps, sources))
    return (
        "disable_checkpoint = true\n"
        "provider_installation {\n"
        f"  filesystem_mirror {{\n    path    = {json.dumps(str(folder))}\n    include = [{names}]\n  }}\n"
        f"  direct {{\n    exclude = [{names}]\n  }}\n"
        "}\n"
    )


def _run_script(folder: Path) -> str:
    return (
        "#!/bin/sh\n"
        f"export {TLS_FOLDER}={shlex.quote(str(folder))}\n"
        f'exec {shlex.quote(sys.executable)} -m terraform_standins "$@"\n'
    )
