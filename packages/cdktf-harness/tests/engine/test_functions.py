"""How the embedded cloud runs functions: limits, errors, starts, and who can reach their containers."""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import struct
import threading
import time
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from providers.workspace import Workspace, environment

from cdktf_harness.cloud import Cloud
from cdktf_harness.cloud.functions import network
from cdktf_harness.cloud.functions.runtime_api import NEXT, RuntimeApi
from cdktf_harness.docker import bases
from cdktf_harness.docker.engine import Engine
from cdktf_harness.system import user_cache
from cdktf_harness.system.http import send
from terraform_standins.serving.mirror import write_mirror
from terraform_standins.waiting import poll

SECONDS = 120
# As in the base images of AWS. A runtime in a few lines: each event is an expression.
ENTRY_POINT = """#!/bin/sh
export _HANDLER="$1"
if [ -z "${AWS_LAMBDA_RUNTIME_API}" ]; then exec /usr/local/bin/aws-lambda-rie /var/runtime/bootstrap; fi
exec /var/runtime/bootstrap
"""
BOOTSTRAP = """#!/usr/bin/env python3
import json, os, socket, sys, time, urllib.request
BEGAN = time.monotonic()
exec(os.environ.get("INIT", ""))
READY = time.monotonic()
API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
while True:
    with urllib.request.urlopen(f"{API}/next") as asked:
        event, request = json.load(asked), asked.headers["Lambda-Runtime-Aws-Request-Id"]
    result = json.dumps(eval(event["run"])).encode()
    urllib.request.urlopen(f"{API}/{request}/response", data=result).close()
"""
CONNECTS = """
import socket, sys
for port in map(int, sys.argv[2:]):
    try:
        socket.create_connection((sys.argv[1], port), timeout=5)
        print("answers", port)
    except ConnectionRefusedError:
        print("refused", port)
"""
# The image of the runtime provided.al2023.
_PROVIDED = "public.ecr.aws/lambda/provided:al2023"
Run = Callable[..., tuple[Any, list[str]]]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud of this module's, in a folder whose path is longer than the address of a socket may be."""
    with Cloud(tmp_path_factory.mktemp("cloud") / ("long" * 30), "eu-central-1").start() as cloud:
        yield cloud


@pytest.fixture(scope="module")
def image(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A function's image, of the kind of AWS's base images."""
    network.ensure_helper_image(engine, lambda line: None)
    folder = tmp_path_factory.mktemp("image")
    files = {"lambda-entrypoint.sh": ENTRY_POINT, "var/runtime/bootstrap": BOOTSTRAP}
    lines = [f"FROM {bases.image(engine.client, network.BASE, engine.architecture)}"]
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
        lines.append(f"COPY {name} /{name}")
    (folder / "Dockerfile").write_text("\n".join([*lines, 'ENTRYPOINT ["/lambda-entrypoint.sh"]', "USER 65534"]))
    tag = f"cdktf-harness-test:{uuid.uuid4().hex}"
    engine.client.images.build(path=str(folder), tag=tag, rm=True, forcerm=True)
    yield tag
    engine.client.images.remove(tag, force=True)


@pytest.fixture
def function(cloud: Cloud, image: str) -> Iterator[Callable[..., str]]:
    """Create a function with these settings and variables, and return its name; removed at the end."""
    made: list[str] = []
    client = cloud.client("lambda")

    def create(timeout: int = 10, memory: int = 128, **variables: str) -> str:
        made.append(f"test-{uuid.uuid4().hex[:8]}")
        client.create_function(
            FunctionName=made[-1],
            PackageType="Image",
            Code={"ImageUri": image},
            ImageConfig={"Command": ["app.handler"]},
            Role="arn:aws:iam::000000000000:role/test",
            Timeout=timeout,
            MemorySize=memory,
            Environment={"Variables": variables},
        )
        client.get_waiter("function_active_v2").wait(FunctionName=made[-1], WaiterConfig={"Delay": 1})
        return made[-1]

    yield create
    for name in made:
        client.delete_function(FunctionName=name)


@pytest.fixture
def run(cloud: Cloud) -> Run:
    """Run an expression in a function; return the response, and what the request wrote to the log."""
    client = cloud.client("lambda")

    def invoke(name: str, expression: str) -> tuple[Any, list[str]]:
        payload = json.dumps({"run": expression}).encode()
        answer = client.invoke(FunctionName=name, Payload=payload, LogType="Tail")
        return json.load(answer["Payload"]), base64.b64decode(answer["LogResult"]).decode().splitlines()

    return invoke


def test_only_the_function_s_own_loopback_answers(
    function: Callable[..., str], run: Run, cloud: Cloud, engine: Engine
) -> None:
    """It reaches the cloud there; no port is published, and another container finds none at the function's address."""
    name = function()
    asks = 'urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL"] + "/_localstack/health").status'
    assert run(name, asks)[0] == 200
    sockets, _ = run(name, 'open("/proc/net/tcp").read() + open("/proc/net/tcp6").read()')
    listening = [line.split()[1] for line in sockets.splitlines() if " 0A " in line]
    assert {address.partition(":")[0] for address in listening} == {"0100007F"}
    containers = cloud.containers(engine.client)
    assert containers
    assert not any(container.ports for container in containers)
    addresses = {container.attrs["NetworkSettings"]["IPAddress"] for container in containers} - {""}
    image = bases.image(engine.client, network.BASE, engine.architecture)
    ports = ["8080", *{str(int(address.partition(":")[2], 16)) for address in listening}]
    for address in addresses:
        command = ["python3", "-c", CONNECTS, address, *ports]
        said = engine.client.containers.run(image, command, remove=True).decode()
        assert said.split() == [word for port in ports for word in ("refused", port)]


def test_memory_is_limited_and_measured(function: Callable[..., str], run: Run) -> None:
    """The error is Lambda's; the next request gets a new container."""
    name = function()
    found, log = run(name, '[print("takes much", flush=True), len(b"x" * (700 << 20))]')
    assert found["errorType"] == "Runtime.OutOfMemory"
    assert found["errorMessage"].endswith("Error: Runtime exited with error: signal: killed")
    assert "takes much" in log
    assert log[-1].endswith("\tStatus: error\tError Type: Runtime.OutOfMemory")
    found, log = run(name, 'len(b"x" * (60 << 20))')
    assert found == 60 << 20
    measured = re.search(r"\tMemory Size: 128 MB\tMax Memory Used: (\d+) MB", log[-1])
    assert measured
    assert 60 < int(measured[1]) <= 128
    # /tmp, which is all that is writable, takes none.
    writes = '[open(f"/tmp/{number}", "wb").write(b"x" * (50 << 20)) for number in range(8)]'
    assert run(name, writes)[0] == 8 * [50 << 20]
    assert run(name, 'os.access("/", os.W_OK) or os.statvfs("/").f_flag & os.ST_RDONLY')[0]


def test_the_time_of_a_function_begins_when_its_container_is_ready(function: Callable[..., str], run: Run) -> None:
    """A start may take longer; an event may not."""
    name = function(timeout=2, INIT="time.sleep(3)")
    found, log = run(name, "1 + 1")
    assert found == 2
    assert float(re.findall(r"Init Duration: ([\d.]+) ms", log[-1])[0]) > 3000
    found, log = run(name, "time.sleep(60)")
    assert found == {"errorMessage": "Task timed out after 2.00 seconds", "errorType": "Sandbox.Timedout"}
    assert log[-1].endswith("\tStatus: timeout")


def test_an_end_of_the_process_is_reported(function: Callable[..., str], run: Run, cloud: Cloud) -> None:
    """Before and after it asks for an event, or when there is no such program."""
    for name, expression in ((function(), "os._exit(3)"), (function(INIT="os._exit(3)"), "1")):
        found, log = run(name, expression)
        assert found["errorType"] == "Runtime.ExitError"
        assert found["errorMessage"].endswith("Error: Runtime exited with error: exit status 3")
        assert "Runtime.ExitError" in log
    name, client = function(), cloud.client("lambda")
    client.update_function_configuration(FunctionName=name, ImageConfig={"EntryPoint": ["/missing"]})
    found = json.load(client.invoke(FunctionName=name, Payload=b"{}")["Payload"])
    assert found["errorType"] == "Runtime.InvalidEntrypoint"
    assert "/missing" in found["errorMessage"]


def test_no_more_containers_start_at_once_than_there_are_processors(function: Callable[..., str], run: Run) -> None:
    """Requests that wait for one take any that becomes idle."""
    name = function(timeout=3, INIT="time.sleep(1)")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: run(name, "[BEGAN, READY]")[0], range(8)))
    starts = {tuple(answer) for answer in answers}
    for began, _ in starts:
        assert sum(start <= began < ready for start, ready in starts) <= (os.cpu_count() or 1)


def test_all_output_is_in_the_log_group(function: Callable[..., str], run: Run, cloud: Cloud) -> None:
    """In one stream for each container, in order, what is printed in the background too."""
    name = function(INIT="print('starts', flush=True)")
    for number in range(3):
        run(name, f"print('request {number}', flush=True)")
    group, expected = f"/aws/lambda/{name}", ["starts", *(f"request {number}" for number in range(3))]
    assert poll(lambda: [line for line in cloud.logs(group) if line in expected] == expected, SECONDS)
    assert len(cloud.client("logs").describe_log_streams(logGroupName=group)["logStreams"]) == 1
    lines = cloud.logs(group)
    assert sum(line.startswith("START") for line in lines) == sum(line.startswith("REPORT") for line in lines) == 3
    client, numbers = cloud.client("lambda"), [str(number) for number in range(20_000)]
    client.invoke(FunctionName=name, Payload=json.dumps({"run": r"print(*range(20_000), sep='\n', flush=True)"}))
    # Its container is removed while the output arrives.
    client.update_function_configuration(FunctionName=name, MemorySize=256)
    assert poll(lambda: [line for line in cloud.logs(group) if line.isdecimal()] == numbers, SECONDS)


def test_output_that_does_not_end_neither_holds_a_call_nor_is_kept(function: Callable[..., str], run: Run) -> None:
    """A log has the end of its request; a long line comes in parts, which are at most as long as Lambda's."""
    noise = "import threading\ndef noise():\n while True: print('noise', flush=True); time.sleep(0.01)\n"
    found, log = run(function(INIT=f"{noise}threading.Thread(target=noise, daemon=True).start()"), "1")
    assert found == 1
    assert any(line.startswith("REPORT") for line in log)
    found, log = run(function(), "print('x' * (5 << 20), end='', flush=True)")
    assert found is None
    assert not [line for line in log if len(line) > 1 << 20]


def test_calls_after_an_update_have_its_configuration(
    function: Callable[..., str], run: Run, cloud: Cloud, engine: Engine
) -> None:
    """Those that waited for a container have the configuration of their time; no later one gets their container."""
    name, client = function(INIT="time.sleep(1)", V="old"), cloud.client("lambda")
    # Those of a function that another test has deleted may still go.
    before = cloud.containers(engine.client)
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(run, name, "os.environ['V']") for _ in range(6)]
        assert poll(lambda: [one for one in cloud.containers(engine.client) if one not in before], SECONDS)
        client.update_function_configuration(FunctionName=name, Environment={"Variables": {"V": "new"}})
        client.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
        assert {call.result()[0] for call in waiting} <= {"old", "new"}
        assert {found for found, _ in pool.map(lambda _: run(name, "os.environ['V']"), range(6))} == {"new"}


def test_large_responses(function: Callable[..., str], run: Run, cloud: Cloud) -> None:
    """Up to the limit of Lambda."""
    name = function()
    assert len(run(name, "'x' * (5 << 20)")[0]) == 5 << 20
    assert run(name, "'x' * (7 << 20)")[0]["errorType"] == "Function.ResponseSizeTooLarge"
    # Its runtime then ends, which is no failure of the next call.
    client, payload = cloud.client("lambda"), json.dumps({"run": "'x' * (7 << 20)"})
    assert "FunctionError" in client.invoke(FunctionName=name, Payload=payload)
    assert run(name, "2")[0] == 2


@contextmanager
def connected() -> Iterator[tuple[RuntimeApi, socket.socket]]:
    """A Runtime API and a connection to it."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        closing(RuntimeApi(listener)) as api,
        socket.create_connection(listener.getsockname(), timeout=SECONDS) as connection,
    ):
        yield api, connection


def served(api: RuntimeApi, call: Future[Any]) -> Any:
    """Serve until a call of another thread has ended, and return its result; no runtime asks for an event by then."""
    while not call.done():
        with pytest.raises(TimeoutError):
            api.wait(time.monotonic() + 0.1)
    return call.result()


def test_a_runtime_is_known_by_the_host_that_it_names() -> None:
    """Where others reach the listening socket: such as a web page, or another user."""
    with socket.create_server(("127.0.0.1", 0)) as listener, closing(RuntimeApi(listener, "secret:80")) as api:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}{NEXT}"
        with ThreadPoolExecutor(2) as pool:
            assert served(api, pool.submit(send, url)).status == 403
            runtime = pool.submit(send, url, headers={"Host": "secret:80"})
            api.wait(time.monotonic() + SECONDS)
            invoked = pool.submit(api.invoke, "1", {}, b'{"a": 1}', time.monotonic() + SECONDS)
            assert runtime.result().text == '{"a": 1}'
            send(url.replace("next", "1/response"), method="POST", body=b"2", headers={"Host": "secret:80"})
            assert invoked.result() == (True, b"2")


def test_a_runtime_that_does_not_read_is_late() -> None:
    """The time of the function includes the time in which its code takes the event."""
    with connected() as (api, runtime), ThreadPoolExecutor(1) as pool:
        runtime.sendall(f"GET {NEXT} HTTP/1.1\r\n\r\n".encode())
        api.wait(time.monotonic() + SECONDS)
        invoked = pool.submit(api.invoke, "1", {}, bytes(20 << 20), time.monotonic() + 0.3)
        assert isinstance(invoked.exception(timeout=30), TimeoutError)


def test_a_request_in_chunks_ends_with_an_empty_line() -> None:
    """Which may arrive later, and belongs to no other request; a connection that is reset does no harm."""
    with connected() as (api, runtime), ThreadPoolExecutor(1) as pool:
        runtime.sendall(b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
        with socket.create_connection(runtime.getpeername()) as reset:
            reset.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            reset.sendall(b"GET /x HTTP/1.1\r\n\r\n")
        with pytest.raises(TimeoutError):
            api.wait(time.monotonic() + 0.3)
        waiting = pool.submit(api.wait, time.monotonic() + SECONDS)
        runtime.sendall(b"\r\n")
        assert runtime.recv(1 << 16).startswith(b"HTTP/1.1 404 ")
        runtime.sendall(f"GET {NEXT} HTTP/1.1\r\n\r\n".encode())
        waiting.result()


@pytest.mark.parametrize("more", ["Content-Length: abc", "Transfer-Encoding: chunked\r\n\r\n-4\r\nabcdefgh"])
def test_what_no_runtime_sends_is_dropped(more: str) -> None:
    """A function's code can send anything."""
    with connected() as (api, stranger), ThreadPoolExecutor(1) as pool:
        stranger.sendall(f"POST {NEXT} HTTP/1.1\r\n{more}\r\n\r\n".encode())
        with suppress(ConnectionResetError):
            assert served(api, pool.submit(stranger.recv, 1)) == b""


def test_a_flood_neither_stops_the_time_nor_fills_the_memory() -> None:
    """The deadline is kept while more arrives, in any number of connections."""
    with socket.create_server(("127.0.0.1", 0)) as listener, closing(RuntimeApi(listener)) as api:
        ended = threading.Event()

        def flood(_: int) -> None:
            with socket.create_connection(listener.getsockname(), timeout=1) as stranger, suppress(OSError):
                stranger.sendall(f"POST {NEXT} HTTP/1.1\r\nContent-Length: {1 << 40}\r\n\r\n".encode())
                while not ended.is_set():
                    stranger.sendall(bytes(1 << 20))

        tracemalloc.start()
        with ThreadPoolExecutor(2) as pool:
            floods = pool.map(flood, range(2))
            try:
                with pytest.raises(TimeoutError):
                    api.wait(time.monotonic() + 0.5)
            finally:
                ended.set()
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            list(floods)
        assert peak < 100 << 20


@pytest.fixture
def provided(engine: Engine, image: str) -> Iterator[None]:
    """The image under the name of the runtime's, for one run of tests at a time on this machine."""
    with user_cache.lock(_PROVIDED):
        if engine.client.images.list(_PROVIDED):
            pytest.skip(f"the engine has {_PROVIDED} itself")
        engine.client.images.get(image).tag(_PROVIDED)
        yield
        engine.client.images.remove(_PROVIDED)


@pytest.mark.usefixtures("provided")
def test_a_function_from_an_archive_answers(cloud: Cloud, tmp_path: Path) -> None:
    """Terraform's `archive_file` makes the ZIP file of its runtime; changed code updates the function."""
    code = tmp_path / "code" / "bootstrap"
    code.parent.mkdir()
    code.write_text(BOOTSTRAP)
    code.chmod(0o755)
    workspace = Workspace(tmp_path, environment(write_mirror(tmp_path / "mirror"), cloud.url, cloud.credentials))
    archive = {"type": "zip", "source_dir": "code", "output_path": "code.zip"}
    function = {
        "function_name": "zipped",
        "runtime": "provided.al2023",
        "handler": "bootstrap",
        "role": "arn:aws:iam::000000000000:role/test",
        "timeout": 10,
        "filename": "${data.archive_file.this.output_path}",
        "source_code_hash": "${data.archive_file.this.output_base64sha256}",
    }

    def invoke() -> Any:
        answer = cloud.client("lambda").invoke(FunctionName="zipped", Payload=json.dumps({"run": "6 + 1"}))
        return json.load(answer["Payload"])

    workspace.apply(data={"archive_file": {"this": archive}}, resource={"aws_lambda_function": {"this": function}})
    assert invoke() == 7
    code.write_text(BOOTSTRAP.replace("eval(", "2 * eval("))
    assert workspace.actions() == {"aws_lambda_function.this": ["update"]}
    workspace.run("apply", "plan")
    assert invoke() == 14
    workspace.run("destroy", "-auto-approve")
