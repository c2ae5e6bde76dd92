"""Measure deployments to the embedded cloud, the time from an edit to the new answer, and requests."""

from __future__ import annotations

import re
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks.bench import PROJECT, Bench
from benchmarks.figure import Figure
from benchmarks.measure import command, take_turns
from cdktf_harness.deployment.local import LocalDeployment
from cdktf_harness.docker import leftovers
from cdktf_harness.docker.engine import find_engine
from cdktf_harness.project.project import find
from cdktf_harness.project.waiting import poll

REQUESTS, CLIENTS = 1000, 8
PATIENCE_SECONDS = 120.0
HARNESS = str(Path(sys.executable).parent / "cdktf-harness")
APP = "lambda_image/app.py"


def figures(bench: Bench) -> Iterator[Figure]:
    """Measure everything that needs a deployment; remove the deployment at the end."""
    try:
        first = _local(bench)
        yield Figure(name="first make local, environment set up", unit="s", ours=[first], limit=120)
        yield _plan(bench)
        yield _nothing_to_do(bench, first)
        yield _edit_and_make(bench)
        yield _edit_and_watch(bench)
        yield from _requests(bench)
    finally:
        command([HARNESS, "down"], cwd=bench.root, env=bench.env)


def deployment(bench: Bench) -> LocalDeployment:
    """Return the deployment that `make local` made."""
    project = find(bench.root)
    return LocalDeployment(project, project.folder / "local")


def _local(bench: Bench) -> float:
    """Run what `make local` runs on the copy, with the environment of the checkout, which is up to date."""
    environment = command(["make", "environment"], cwd=PROJECT, env=bench.env)
    return environment.wall + command([HARNESS, "up"], cwd=bench.root, env=bench.env).wall


def _plan(bench: Bench) -> Figure:
    local = deployment(bench)
    folders = list(local.out.glob("stacks/*"))
    env = {**bench.env, **local.own_env}
    arguments = [env["TERRAFORM_BINARY_NAME"], "plan", "-input=false"]
    found = take_turns(bench.runs, ours=lambda: sum(command(arguments, cwd=each, env=env).wall for each in folders))
    return Figure(
        name="plan of both stacks, bundled providers",
        unit="s",
        ours=found["ours"],
        recorded="3-4 s a stack, real providers (recorded)",
        limit=1,
    )


def _nothing_to_do(bench: Bench, first: float) -> Figure:
    stacks = find(bench.root).stacks
    stock = ["cdktf", "deploy", *stacks, "--auto-approve"]
    env = {**bench.env, **deployment(bench).own_env, **bench.stock}
    # A quick run has just shown that it works.
    found = {"ours": [first], "stock": [first]}
    if not bench.quick:
        found = bench.with_imports(
            ours=lambda: _local(bench),
            stock=lambda: command(stock, cwd=bench.root, env=env).wall,
        )
    return Figure(
        name="make local, nothing to do",
        unit="s",
        ours=found["ours"],
        peer_name="cdktf deploy, stock imports",
        peer=found["stock"],
        limit=4,
    )


def _edit(bench: Bench) -> str:
    """Change the application so that its answer is new, and return the new part."""
    path = bench.root / APP
    new = f"The current epoch time ({time.time_ns()})"
    path.write_text(re.sub(r"The current epoch time( \(\d+\))?", new, path.read_text(), count=1))
    assert new in path.read_text()
    return new


def _edit_and_make(bench: Bench) -> Figure:
    def cycle() -> float:
        new = _edit(bench)
        taken = _local(bench)
        with urllib.request.urlopen(deployment(bench).url(), timeout=PATIENCE_SECONDS) as answer:
            assert new in answer.read().decode()
        return taken

    return Figure(
        name="edit of app.py until the new answer, make local",
        unit="s",
        ours=take_turns(bench.runs, ours=cycle)["ours"],
        recorded="3.6 s SAM, 20 s stock deploy (recorded)",
        limit=6,
    )


def _edit_and_watch(bench: Bench) -> Figure:
    with _watching(bench) as lines:

        def cycle() -> float:
            started = time.perf_counter()
            _await(lines, _edit(bench))
            taken = time.perf_counter() - started
            # A developer does not save twice a second: wait until the next spare process is ready.
            time.sleep(0 if bench.quick else 2)
            return taken

        ours = take_turns(bench.runs, ours=cycle)["ours"]
    return Figure(
        name="edit of app.py until the new answer, make watch",
        unit="s",
        ours=ours,
        recorded="3.6 s SAM, 20 s stock deploy (recorded)",
        limit=2,
    )


@contextmanager
def _watching(bench: Bench) -> Iterator[list[str]]:
    """Run `watch` and yield the lines that it prints."""
    process = subprocess.Popen(
        [HARNESS, "watch"],
        cwd=bench.root,
        env=dict(bench.env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []

    def read() -> None:
        assert process.stdout
        with process.stdout as output:
            lines.extend(output)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        _await(lines, "Watching ")
        yield lines
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
        reader.join()


def _await(lines: list[str], text: str) -> None:
    if not poll(lambda: any(text in line for line in lines), PATIENCE_SECONDS, every=0.005):
        raise SystemExit(f"no {text!r} in\n{''.join(lines)}")


def _requests(bench: Bench) -> Iterator[Figure]:
    url = deployment(bench).url()

    def request(_number: int) -> float:
        return _milliseconds(urllib.request.Request(url))

    total = 50 if bench.quick else REQUESTS
    for number in range(20):
        request(number)
    with _emulator(bench) as emulator:
        found = take_turns(total // 5, ours=lambda: request(0), emulator=lambda: _milliseconds(emulator))
    medians, tails = [], []
    for _ in range(bench.runs):
        with ThreadPoolExecutor(CLIENTS) as pool:
            times = list(pool.map(request, range(total)))
        medians.append(statistics.median(times))
        tails.append(statistics.quantiles(times, n=100)[98])
    yield Figure(
        name="request, one client",
        unit="ms",
        ours=found["ours"],
        peer_name="the Lambda emulator alone",
        peer=found["emulator"],
        limit=10,
    )
    peer = "14-17 ms SAM, warm containers (recorded)"
    name = f"request, {total} from {CLIENTS} clients"
    yield Figure(name=f"{name}, p50", unit="ms", ours=medians, recorded=peer, limit=10)
    yield Figure(name=f"{name}, p99", unit="ms", ours=tails, peer_name="p50", peer=medians, limit_ratio=3)


@contextmanager
def _emulator(bench: Bench) -> Iterator[urllib.request.Request]:
    """Run the function's image as `docker run -p` does, and yield a request for its Lambda emulator."""
    client = find_engine().client
    function, *_ = leftovers.containers(client, deployment(bench).cloud.instance, functions=True)
    container = client.containers.run(
        function.attrs["Config"]["Image"], detach=True, ports={"8080/tcp": ("127.0.0.1", 0)}
    )
    try:
        container.reload()
        (published,) = container.ports["8080/tcp"] or [{}]
        url = f"http://127.0.0.1:{published['HostPort']}/2015-03-31/functions/function/invocations"
        request = urllib.request.Request(url, data=b"{}")
        if not poll(lambda: _answers(request), PATIENCE_SECONDS):
            raise SystemExit("the emulator does not answer")
        yield request
    finally:
        container.remove(force=True)


def _answers(request: urllib.request.Request) -> bool:
    try:
        return _milliseconds(request) > 0
    except OSError:
        return False


def _milliseconds(request: urllib.request.Request) -> float:
    """Return the time until the answer."""
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        answer.read()
    return (time.perf_counter() - started) * 1000
