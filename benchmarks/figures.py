"""What is measured: synthesis, deployments to the embedded cloud, the time from an edit to its effect, requests."""

from __future__ import annotations

import itertools
import re
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from operator import sub

import urllib3

from benchmarks.measure import APP, PROJECT, STACK, STOCK_IMPORTS, Bench, Figure
from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.docker.engine import find_engine
from cdktf_harness.project.project import find
from terraform_standins.waiting import poll

REQUESTS, CLIENTS = 1000, 8
PATIENCE_SECONDS = 120.0
_NUMBERS = itertools.count(1)


def figures(bench: Bench) -> Iterator[Figure]:
    """Measure everything; remove the deployment at the end."""
    yield from _synthesis(bench, {"CDKTF_OUTDIR": str(bench.root.parent / "out")})
    try:
        yield Figure("first make local, environment set up", [_make_local(bench)], goal=120)
        project = find(bench.root)
        deployment = LocalDeployment(project, project.folder / "local")
        yield from _commands(bench, deployment)
        yield from _watch(bench)
        yield from _requests(bench, deployment)
    finally:
        bench.run("cdktf-harness", "down")


def _synthesis(bench: Bench, env: dict[str, str]) -> Iterator[Figure]:
    def leg(more: int = 0, env: dict[str, str] = env) -> float:
        routes = rf'\1 **{{f"GET /route{{n}}": function for n in range({more})}},'
        bench.edit(STACK, r'(f"GET \{settings\.route\}": function,)( \*\*.*)?', routes)
        return bench.run(sys.executable, "main.py", env=env)

    stock, more = {**env, **STOCK_IMPORTS}, 2 if bench.quick else 99
    found = bench.take_turns(ours=leg, hundred=lambda: leg(more), stock=lambda: leg(env=stock))
    yield Figure("python main.py, both stacks", found["ours"], "stock imports", found["stock"], goal=1 / 20)
    yield Figure("100 routes instead of 1", list(map(sub, found["hundred"], found["ours"])), goal=0.6)
    leg()


def _make_local(bench: Bench) -> float:
    """Run what `make local` runs on the copy, with the environment of the checkout, which is up to date."""
    return bench.run("make", "environment", cwd=PROJECT) + bench.run("cdktf-harness", "up")


def _edit_app(bench: Bench) -> str:
    """Change the answer of the application, and return the new part as a pattern."""
    new = f"The current epoch time (edit {next(_NUMBERS)})"
    bench.edit(APP, r"The current epoch time( \(edit \d+\))?", new)
    return re.escape(new)


def _edit_stack(bench: Bench) -> str:
    bench.edit(STACK, r"memory_mb=settings\.memory_mb( \+ \d+)?", f"memory_mb=settings.memory_mb + {next(_NUMBERS)}")
    return rf"^✓ .*{STACK}: "


def _commands(bench: Bench, deployment: LocalDeployment) -> Iterator[Figure]:
    folders, env = list(deployment.out.glob("stacks/*")), deployment.own_env
    cdktf = ("cdktf", "deploy", *find(bench.root).stacks, "--auto-approve")

    def edited() -> float:
        _edit_app(bench)
        return _make_local(bench)

    found = bench.take_turns(
        nothing=lambda: _make_local(bench),
        plan=lambda: sum(bench.run("terraform", "plan", "-input=false", cwd=each, env=env) for each in folders),
        edit=edited,
        stock=lambda: bench.run(*cdktf, env={**env, **STOCK_IMPORTS}),
    )
    stock, peer = found["stock"], "cdktf deploy, stock imports, nothing to do"
    yield Figure("plan of both stacks, bundled providers", found["plan"], goal=1)
    yield Figure("make local, nothing to do", found["nothing"], peer, stock, goal=1 / 12)
    yield Figure("edit of app.py until the new answer, make local", found["edit"], peer, stock, goal=1 / 5)


def _watch(bench: Bench) -> Iterator[Figure]:
    log, env = bench.root.parent / "watch.log", {**bench.env, "COLUMNS": "300"}
    with log.open("w") as output:
        command = ["cdktf-harness", "watch"]
        process = subprocess.Popen(command, cwd=bench.root, env=env, stdout=output, stderr=subprocess.STDOUT)

    def wait(pattern: str, start: int = 0) -> None:
        if not poll(lambda: re.search(pattern, log.read_text()[start:], re.M), PATIENCE_SECONDS, every=0.005):
            raise SystemExit(f"{log.read_text()}error: `watch` did not print {pattern!r}")

    def cycle(edit: Callable[[Bench], str]) -> float:
        before, started = len(log.read_text()), time.perf_counter()
        wait(edit(bench), before)
        taken = time.perf_counter() - started
        # A developer does not save twice a second: wait until the next spare process is ready.
        time.sleep(0 if bench.quick else 2)
        return taken

    try:
        wait("^Watching ")
        found = bench.take_turns(app=lambda: cycle(_edit_app), stack=lambda: cycle(_edit_stack))
    finally:
        process.terminate()
        process.wait()
    yield Figure("edit of app.py until the new answer, make watch", found["app"], goal=1.2)
    yield Figure("edit of an argument of a stack, make watch", found["stack"], goal=0.8)


def _requests(bench: Bench, deployment: LocalDeployment) -> Iterator[Figure]:
    total, url = 50 if bench.quick else REQUESTS, deployment.url()
    for _ in range(20):
        _milliseconds(url)
    with ExitStack() as stack:
        # An emulator takes one request at a time.
        emulators = [stack.enter_context(_emulator(deployment)) for _ in range(CLIENTS)]
        legs = {"ours": lambda: _milliseconds(url), "alone": lambda: _milliseconds(emulators[0], b"{}")}
        found = replace(bench, runs=total // 5).take_turns(**legs)
        rounds = [(_clients([url] * CLIENTS, total), _clients(emulators, total, b"{}")) for _ in range(bench.runs)]
    peer = "the Lambda emulator alone"
    yield Figure("request, one client", found["ours"], peer, found["alone"], goal=2, unit="ms")
    peer, alone = f"{peer}, one client", [statistics.median(found["alone"])] * bench.runs
    for percent, goal in ((50, 4), (99, 8)):
        name = f"request, {total} from {CLIENTS} clients, p{percent}"
        ours, floor = (
            [statistics.quantiles(each, n=100)[percent - 1] for each in leg] for leg in zip(*rounds, strict=True)
        )
        yield Figure(name, ours, peer, alone, goal=goal, unit="ms")
        yield Figure(f"the same, each from an emulator alone, p{percent}", floor, peer, alone, unit="ms")


def _clients(urls: Sequence[str], total: int, body: bytes | None = None) -> list[float]:
    """Send `total` requests, divided among as many clients as URLs, and return the milliseconds of each."""
    with ThreadPoolExecutor(len(urls)) as pool:
        found = pool.map(lambda url: [_milliseconds(url, body) for _ in range(total // len(urls))], urls)
        return [*itertools.chain(*found)]


@contextmanager
def _emulator(deployment: LocalDeployment) -> Iterator[str]:
    """Run the function's image as `docker run -p` does, and yield the URL that invokes its Lambda emulator."""
    client = find_engine().client
    function, *_ = deployment.cloud.containers(client, functions=True)
    ports = {"8080/tcp": ("127.0.0.1", 0)}
    container = client.containers.run(function.attrs["Config"]["Image"], detach=True, ports=ports)
    try:
        container.reload()
        (published,) = container.ports["8080/tcp"] or [{}]
        url = f"http://127.0.0.1:{published['HostPort']}/2015-03-31/functions/function/invocations"
        retries = urllib3.Retry(50, backoff_factor=0.1, backoff_max=1, allowed_methods=None)
        urllib3.request("POST", url, body=b"{}", retries=retries)
        yield url
    finally:
        container.remove(force=True)


def _milliseconds(url: str, body: bytes | None = None) -> float:
    """Return the time until the answer."""
    started = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=PATIENCE_SECONDS) as answer:
        answer.read()
    return (time.perf_counter() - started) * 1000
