"""With a proxy in the environment, which is not for this machine's loopback."""

from __future__ import annotations

import subprocess
from pathlib import Path

from http_server import Request, Response, serving

from .conftest import BIN, harness, write

APP = """
import os
health = os.environ.get("AWS_ENDPOINT_URL", "") + "/_localstack/health"
synth({"hello": {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "6.25.0"}}},
    "provider": {"aws": [{"region": "eu-central-1"}]},
    "resource": {"aws_cloudwatch_log_group": {"group": {"name": "one"}}},
    "output": {"url": {"value": health}, "group": {"value": "${aws_cloudwatch_log_group.group.name}"}},
}})
"""
# A person's own programs, in a shell that has the environment of the deployment.
SHELL = 'eval "$(cdktf-harness env)"; curl -fsS "$AWS_ENDPOINT_URL/_localstack/health" >/dev/null; echo "$no_proxy"'


def test_a_proxy_sees_no_request_to_the_embedded_cloud(project: Path) -> None:
    """It still gets all other requests, but for hosts that the user has excluded."""
    write(project, APP, "hello", table='url = "hello.url"\n')
    asked: list[str] = []

    def respond(request: Request) -> Response:
        asked.append(request.path)
        return Response(b"proxy", 502)

    with serving(respond) as port:
        proxy = f"http://127.0.0.1:{port}"
        env = {
            "http_proxy": proxy,
            "HTTP_PROXY": proxy,
            "https_proxy": proxy,
            "all_proxy": proxy,
            "NO_PROXY": "own.example",
        }
        try:
            for command in ("up", "get", "status", "diff", "drift"):
                done = harness(project, command, **env)
                assert done.returncode == 0, done.stderr
                assert "proxy" not in done.stdout
            shell = {**env, "PATH": f"{BIN}:/usr/bin:/bin"}
            printed = subprocess.check_output(["bash", "-ec", SHELL], cwd=project, env=shell, text=True)
        finally:
            harness(project, "down", **env)
        assert printed.startswith("own.example,localhost,127.0.0.1")
        assert asked == []
        keys = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
        refused = harness(project, "aws", "up", **env, **keys, AWS_ENDPOINT_URL="http://aws.example")
        assert asked[0] == "http://aws.example/"
        # What the proxy answers is not AWS's.
        assert refused.stderr.splitlines()[-1].startswith("error: AWS does not answer (Unable to parse response")
