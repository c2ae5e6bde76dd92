"""A machine on which AWS's host names lead to an embedded cloud, and what a user runs there.

`run` is to be called where there is no network but the loopback, and no engine: see `engine.programs.ALONE`.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from cdktf_harness.cloud import Cloud, end_with_this_process
from cdktf_harness.cloud.functions import network
from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine, ensure_engine
from checkout import copy_with_environment
from hosts import certificate, names
from hosts.front import Front

REGION = "eu-central-1"
# On the loopback's interface, but no address of the loopback: engines check no certificates of those.
ADDRESS = "192.0.2.1"
_REGIONAL = f"{REGION}.{names.DOMAIN}"
NAMES = [
    *(f"*.{names.DOMAIN}", f"*.{_REGIONAL}"),
    *(f"{name}.{_REGIONAL}" for name in ("api.ecr", "*.dkr.ecr", "*.execute-api", "*.s3")),
]


def run(folder: Path, images: Mapping[str, str], commands: list[list[str]], settings: Mapping[str, str]) -> None:
    """Run commands in a copy of this project, with variables that are `settings`, until one fails.

    Print what they say, and a last line of JSON: the host names with the numbers of connections, and what is left in
    the cloud. `images` maps build arguments to base images, of which `folder` has archives named by the arguments.
    """
    os.environ.pop("DOCKER_HOST", None)
    os.environ["XDG_CACHE_HOME"] = str(folder)
    # The run of tests is no process of this machine's.
    end_with_this_process()
    served, trusted = certificate.write(folder, NAMES)
    os.environ["SSL_CERT_FILE"] = str(trusted)
    _lead_names(folder)
    client = ensure_engine().client
    for argument in images:
        with (folder / argument).open("rb") as archive:
            client.images.load(archive)
    # It has Python, which is all that the helper of functions' networks needs.
    client.images.get(images["BUILD_BASE"]).tag(bases.image(client, network.BASE, Engine(client, "").architecture))
    client.close()
    aws = Cloud(folder / "aws")
    aws.start(aws_hosts=True)
    front = Front(ADDRESS, served, aws.port)
    try:
        trust = {"AWS_CA_BUNDLE": str(trusted), "SSL_CERT_FILE": str(trusted)}
        given = {"ONTRA_BUILD_ARGS": json.dumps(images), **settings}
        _command(folder, commands, {**aws.credentials.environment, **trust, **given})
    finally:
        left = aws.contents()
    print(json.dumps({"names": front.names, "left": left}), flush=True)


def _lead_names(folder: Path) -> None:
    subprocess.run(["ip", "address", "add", ADDRESS, "dev", "lo"], check=True)
    names.serve("127.0.0.1", ADDRESS)
    own, usual = folder / "resolv.conf", Path("/etc/resolv.conf").resolve()
    own.write_text("nameserver 127.0.0.1\n")
    if not usual.exists():
        # What it was a link to is not on this machine.
        usual.parent.mkdir(parents=True, exist_ok=True)
        usual.touch()
    subprocess.run(["mount", "--bind", own, usual], check=True)


def _command(folder: Path, commands: list[list[str]], variables: Mapping[str, str]) -> None:
    """Run the commands in a bare environment with these variables. Raises CalledProcessError."""
    project = folder / "ontra"
    copy_with_environment(project)
    (folder / "home").mkdir()
    env = {
        "HOME": str(folder / "home"),
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "XDG_CACHE_HOME": str(folder),
        # The real ones are not here.
        "PROVIDERS": "bundled",
        **variables,
    }
    for command in commands:
        print("$", *command, flush=True)
        subprocess.run(command, cwd=project, env=env, check=True)
