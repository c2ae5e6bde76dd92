"""Variables in the environment that are of other work on this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .conftest import BIN, harness, write

APP = """
synth({"hello": {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "6.25.0"}}},
    "provider": {"aws": [{"region": "eu-central-1"}]},
    "resource": {"aws_cloudwatch_log_group": {"group": {"name": "one"}}},
}})
"""
LEFT = {
    # Of AWS's clients, for an account.
    "AWS_PROFILE": "nosuch",
    "AWS_MAX_ATTEMPTS": "many",
    "AWS_DEFAULTS_MODE": "nosuch",
    # Of LocalStack, some of which the embedded cloud reads, too.
    "SERVICES": "s3",
    "USE_SSL": "1",
    "TF_LOG": "TRACE",
    "PYTHONIOENCODING": "latin-1",
}
SHELL = 'eval "$(cdktf-harness env)"; cdktf-harness aws up'


def test_a_deployment_ignores_them(project: Path) -> None:
    """Those of this deployment, in turn, are refused by commands for AWS: they would write its state."""
    write(project, APP, "hello")
    try:
        for command in ("up", "drift", "doctor"):
            done = harness(project, command, **LEFT)
            assert done.returncode == 0, done.stdout + done.stderr
        shell = {"PATH": f"{BIN}:/usr/bin:/bin"}
        done = subprocess.run(["bash", "-ec", SHELL], cwd=project, env=shell, capture_output=True, text=True)
        assert "error: this shell has the environment of the local deployment" in done.stderr
    finally:
        harness(project, "down")
