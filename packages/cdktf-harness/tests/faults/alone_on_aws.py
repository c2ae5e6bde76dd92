"""A deployment to AWS, here an embedded one, whose build runs programs of another architecture than the machine's."""

from __future__ import annotations

import os
from pathlib import Path

from commands.running import run, write_app

from cdktf_harness.cloud import lifetime
from cdktf_harness.cloud.process import Cloud
from cdktf_harness.docker import emulation
from cdktf_harness.project import environment

from .imaged import files

CONTAINERFILE = """\
FROM scratch
COPY exit /exit
RUN ["/exit"]
"""


def _files(architecture: str) -> dict[str, str]:
    """The app without a URL: no function can run this image."""
    table = "pyproject.toml"
    written = files("", architecture)
    return {**written, table: "\n".join(line for line in written[table].splitlines() if not line.startswith("url"))}


def deploy(folder: Path, architecture: str) -> None:
    """Deploy an app in `folder`, and destroy what was deployed."""
    os.environ["XDG_CACHE_HOME"] = str(folder)
    os.environ.pop("DOCKER_HOST", None)
    # The run of tests is no process of this machine's.
    lifetime.end_with_this_process()
    app = write_app(folder / "app", {**_files(architecture), "image/Containerfile": CONTAINERFILE})
    program = app / "image" / "exit"
    program.write_bytes(emulation._exit_program(emulation._ARCHITECTURES[architecture]))
    program.chmod(0o755)
    aws = Cloud(folder / "aws")
    aws.start()
    try:
        credentials = aws.credentials.environment
        env = environment.local(region="eu-central-1", endpoint=aws.url, credentials=credentials)
        env |= {"PROVIDERS": "bundled", "IMAGED_CLOUD": aws.url}
        up = run(app, "aws", "up", **env)
        assert up.process.returncode == 0, up.output
        steps = [line.partition(" ")[0] for line in up.lines if " cdktf deploy " in line or "Emulation of" in line]
        assert steps == ["✗", "✓", "✓"], up.output
        down = run(app, "aws", "down", **env)
        assert down.process.returncode == 0, down.output
    finally:
        aws.stop()
    print("deployed and destroyed")
