"""What is measured: synthesis, deployments to the embedded cloud, the time from an edit to its effect, requests."""

from __future__ import annotations

import itertools
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace

from benchmarks.measure import PROJECT, STOCK_IMPORTS, Bench, Figure
from cdktf_harness.deployment.local import LocalDeployment
from cdktf_harness.docker import leftovers
from cdktf_harness.docker.engine import find_engine
from cdktf_harness.project.project import find
from cdktf_harness.project.waiting import poll

REQUESTS, CLIENTS = 1000, 8
PATIENCE_SECONDS = 120.0
APP, STACK = "lambda_image/app.py", "stacks/api.py"
_NUMBERS = itertools.count(1)


def figures(bench: Bench) -> Iterator[Figure]:
    """Measure everything; remove the deployment at the end."""
    with tempfile.TemporaryDirectory() as out:
        yield from _synthesis(bench, out)
    try:
        yield Figure(name="first make local, environment set up", ours=[_make_local(bench)], limit=120)
        yield _plan(bench)
        yield from _commands(bench)
        yield from _watch(bench)
        yield from _requests(bench)
    finally:
        bench.run("cdktf-harness", "down")


def _synthesis(bench: Bench, out: str) -> Iterator[Figure]:
    env = {"CDKTF_OUTDIR": out}
    found = bench.take_turns(
        ours=lambda: bench.run(sys.executable, "main.py", env=env),
        stock=lambda: bench.run(sys.executable, "main.py", env={**env, **STOCK_IMPORTS}),
    )
    name, peer = "python main.py, both stacks", found["stock"]
    yield Figure(name=name, ours=found["ours"], peer_name="stock imports", peer=peer, limit_ratio=1 / 20)

    def routes(number: int) -> Callable[[], float]:
        return lambda: bench.run(sys.executable, "-m", "benchmarks.routes", str(number), env=env)

    found = bench.take_turns(one=routes(1), hundred=routes(3 if bench.quick else 100))
    more = [hundred - one for one, hundred in zip(found["one"], found["hundred"], strict=True)]
    yield Figure(name="100 routes instead of 1", ours=more, limit=0.6)


def _deployment(bench: Bench) -> LocalDeployment:
    project = find(bench.root)
    return LocalDeployment(project, project.folder / "local")


def _make_local(bench: Bench) -> float:
    """Run what `make local` runs on the copy, with the environment of the checkout, which is up to date."""
    return bench.run("make", "environment", cwd=PROJECT) + bench.run("cdktf-harness", "up")


def _plan(bench: Bench) -> Figure:
    local = _deployment(bench)
    folders, env = list(local.out.glob("stacks/*")), local.own_env
    found = bench.take_turns(
        ours=lambda: sum(bench.run("terraform", "plan", "-input=false", cwd=folder, env=env) for folder in folders)
    )
    return Figure(name="plan of both stacks, bundled providers", ours=found["ours"], limit=1)


def _edit_app(bench: Bench) -> str:
    """Change the application so that its answer is new, and return the new part."""
    new = f"The current epoch time (edit {next(_NUMBERS)})"
    _replace(bench, APP, r"The current epoch time( \(edit \d+\))?", new)
    return new


def _replace(bench: Bench, name: str, old: str, new: str) -> None:
    path = bench.root / name
    text, count = re.subn(old, new, path.read_text(), count=1)
    assert count, f"{name} has no {old!r}"
    path.write_text(text)


def _commands(bench: Bench) -> Iterator[Figure]:
    env = {**_deployment(bench).own_env, **STOCK_IMPORTS}

    def edit() -> float:
        new = _edit_app(bench)
        taken = _make_local(bench)
        with urllib.request.urlopen(_deployment(bench).url(), timeout=PATIENCE_SECONDS) as answer:
            assert new in answer.read().decode()
        return taken

    found = bench.take_turns(
        nothing=lambda: _make_local(bench),
        edit=edit,
        stock=lambda: bench.run("cdktf", "deploy", *find(bench.root).stacks, "--auto-approve", env=env),
    )
    name, peer = "make local, nothing to do", found["stock"]
    yield Figure(
        name=name, ours=found["nothing"], peer_name="cdktf deploy, stock imports", peer=peer, limit_ratio=1 / 12
    )
    name, peer_name = "edit of app.py until the new answer, make local", "cdktf deploy, nothing to do"
    yield Figure(name=name, ours=found["edit"], peer_name=peer_name, peer=peer, limit_ratio=1 / 5)


def _watch(bench: Bench) -> Iterator[Figure]:
    with _watching(bench) as lines:

        def cycle(edit: Callable[[], str]) -> float:
            before, started = len(lines), time.perf_counter()
            _await(lines, edit(), before)
            taken = time.perf_counter() - started
            # A developer does not save twice a second: wait until the next spare process is ready.
            time.sleep(0 if bench.quick else 2)
            return taken

        def edit_stack() -> str:
            old = r"memory_mb=settings\.memory_mb( \+ \d+)?"
            _replace(bench, STACK, old, f"memory_mb=settings.memory_mb + {next(_NUMBERS)}")
            return rf"^✓ .*{STACK}: "

        found = bench.take_turns(
            app=lambda: cycle(lambda: re.escape(_edit_app(bench))), stack=lambda: cycle(edit_stack)
        )
    yield Figure(name="edit of app.py until the new answer, make watch", ours=found["app"], limit=1.2)
    yield Figure(name="edit of an argument of a stack, make watch", ours=found["stack"], limit=0.8)


@contextmanager
def _watching(bench: Bench) -> Iterator[list[str]]:
    """Run `watch` and yield the lines that it prints."""
    process = subprocess.Popen(
        ["cdktf-harness", "watch"],
        cwd=bench.root,
        env={**bench.env, "COLUMNS": "300"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    assert process.stdout
    with process.stdout as output:
        reader = threading.Thread(target=lambda: lines.extend(output))
        reader.start()
        try:
            _await(lines, "^Watching ")
            yield lines
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()
            reader.join()


def _await(lines: list[str], pattern: str, start: int = 0) -> None:
    if not poll(lambda: any(re.search(pattern, line) for line in lines[start:]), PATIENCE_SECONDS, every=0.005):
        raise SystemExit(f"no {pattern!r} in\n{''.join(lines)}")


def _requests(bench: Bench) -> Iterator[Figure]:
    deployment = _deployment(bench)
    total, url = 50 if bench.quick else REQUESTS, deployment.url()
    for _ in range(20):
        _milliseconds(url)
    with _emulator(deployment) as emulator:
        found = replace(bench, runs=total // 5).take_turns(
            ours=lambda: _milliseconds(url), emulator=lambda: _milliseconds(emulator, b"{}")
        )
    peer_name, alone = "the Lambda emulator alone", statistics.median(found["emulator"])
    yield Figure(
        name="request, one client",
        unit="ms",
        ours=found["ours"],
        peer_name=peer_name,
        peer=found["emulator"],
        limit_ratio=2,
    )
    medians, tails = [], []
    for _ in range(bench.runs):
        with ThreadPoolExecutor(CLIENTS) as pool:
            times = list(pool.map(_milliseconds, [url] * total))
        medians.append(statistics.median(times))
        tails.append(statistics.quantiles(times, n=100)[98])
    for name, values, limit in (("p50", medians, 4), ("p99", tails, 8)):
        yield Figure(
            name=f"request, {total} from {CLIENTS} clients, {name}",
            unit="ms",
            ours=values,
            peer_name=f"{peer_name}, one client",
            peer=[alone] * len(values),
            limit_ratio=limit,
        )


@contextmanager
def _emulator(deployment: LocalDeployment) -> Iterator[str]:
    """Run the function's image as `docker run -p` does, and yield the URL that invokes its Lambda emulator."""
    client = find_engine().client
    function, *_ = leftovers.containers(client, deployment.cloud.instance, functions=True)
    image, ports = function.attrs["Config"]["Image"], {"8080/tcp": ("127.0.0.1", 0)}
    container = client.containers.run(image, detach=True, ports=ports)
    try:
        container.reload()
        (published,) = container.ports["8080/tcp"] or [{}]
        url = f"http://127.0.0.1:{published['HostPort']}/2015-03-31/functions/function/invocations"

        def answers() -> bool:
            with suppress(OSError):
                return _milliseconds(url, b"{}") > 0
            return False

        if not poll(answers, PATIENCE_SECONDS):
            raise SystemExit("the emulator does not answer")
        yield url
    finally:
        container.remove(force=True)


def _milliseconds(url: str, body: bytes | None = None) -> float:
    """Return the time until the answer."""
    started = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=PATIENCE_SECONDS) as answer:
        answer.read()
    return (time.perf_counter() - started) * 1000
