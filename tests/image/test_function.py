"""The shipped image with a Lambda Runtime API."""

from __future__ import annotations

import json
import socket
import time
from contextlib import closing

from docker import DockerClient

from cdktf_harness.cloud.functions.runtime_api import RuntimeApi
from image.containers import ANSWER_SECONDS, ARCHITECTURE, output, running


def test_function_serves_the_runtime_api(client: DockerClient, function_image: str) -> None:
    """Two events, one after the other, with neither capabilities nor a writable file system."""
    with socket.create_server(("127.0.0.1", 0)) as listener, closing(RuntimeApi(listener)) as api:
        address = {"AWS_LAMBDA_RUNTIME_API": "{}:{}".format(*listener.getsockname())}
        options = {"network_mode": "host", "read_only": True, "cap_drop": ["ALL"]}
        with running(client, function_image, environment=address, **options):
            for request in ("1", "2"):
                api.wait(time.monotonic() + ANSWER_SECONDS)
                # The runtime client breaks without these headers.
                headers = {
                    "Lambda-Runtime-Deadline-Ms": str(int((time.time() + 30) * 1000)),
                    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:000000000000:function:time",
                }
                before = int(time.time())
                event = b'{"httpMethod": "GET", "path": "/time"}'
                succeeded, answer = api.invoke(request, headers, event, time.monotonic() + ANSWER_SECONDS)
                assert succeeded, answer
                seconds = json.loads(json.loads(answer)["body"])["The current epoch time"]
                assert before <= seconds <= time.time()


def test_the_process_and_its_python(client: DockerClient, function_image: str) -> None:
    """Distroless's user nonroot, and the Python and architecture that the wheels' compiled parts are for."""
    program = (
        "import os, platform, runtime_client, simplejson._speedups as _; "
        "print(os.getuid(), os.getgid(), *platform.python_version_tuple()[:2], platform.machine())"
    )
    machine = {"arm64": "aarch64", "amd64": "x86_64"}[ARCHITECTURE]
    assert output(client, function_image, program).split() == ["65532", "65532", "3", "13", machine]
