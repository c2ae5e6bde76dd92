"""Measure the size and the cold start of the image, on this machine's own architecture."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

from benchmarks.bench import Bench
from benchmarks.figure import Figure
from benchmarks.measure import take_turns
from cdktf_harness.docker.bases import ensure_bases
from cdktf_harness.docker.engine import Engine, ensure_engine
from cdktf_harness.project.http import send
from cdktf_harness.project.project import find
from cdktf_harness.project.waiting import poll
from terraform_standins.docker.build import Build, build

PATH = "/2015-03-31/functions/function/invocations"
START_SECONDS = 60.0
# The entry point of a stock image (AWS Lambda guide, "Using an alternative base image").
STOCK = ["aws-lambda-rie", "/usr/bin/python3", "-m", "awslambdaric"]
BASE = "FUNCTION_BASE"


def figures(bench: Bench) -> Iterator[Figure]:
    """Measure size and cold start of the image; remove the image at the end."""
    engine = ensure_engine()
    bases = ensure_bases(engine, engine.architecture, find(bench.root).bases)
    tags = {target: f"ontra-bench-{target}:{time.time_ns()}" for target in ("function", "emulated")}
    try:
        for target, tag in tags.items():
            what = Build(
                context=bench.root / "lambda_image",
                tags=[tag],
                dockerfile="Containerfile",
                target=target,
                platform=f"linux/{engine.architecture}",
                build_args=bases,
            )
            build(engine.client.api, what)
        yield _size(engine, tags["function"], bases)
        yield _cold_start(bench, engine, tags["emulated"])
    finally:
        for tag in tags.values():
            engine.client.images.remove(tag, force=True)


def _size(engine: Engine, tag: str, bases: Mapping[str, str]) -> Figure:
    def megabytes(image: str) -> float:
        return float(engine.client.images.get(image).attrs["Size"]) / 1e6

    peer = [megabytes(bases[BASE])] if BASE in bases else []
    return Figure(
        name="image, unpacked", unit="MB", ours=[megabytes(tag)], peer_name="the base alone", peer=peer, limit=60
    )


def _cold_start(bench: Bench, engine: Engine, tag: str) -> Figure:
    """Measure from the start of the container to the first answer, with both entry points behind the emulator."""

    def start(entrypoint: list[str] | None) -> float:
        container = engine.client.containers.create(
            tag, entrypoint=entrypoint, command=["app.handler"], ports={"8080/tcp": ("127.0.0.1", 0)}
        )
        try:
            started = time.perf_counter()
            container.start()
            container.reload()
            (port,) = container.ports["8080/tcp"] or [{}]
            _answer(int(port["HostPort"]))
            return (time.perf_counter() - started) * 1000
        finally:
            container.remove(force=True)

    found = take_turns(bench.runs, ours=lambda: start(None), stock=lambda: start(STOCK))
    return Figure(
        name="cold start of the container",
        unit="ms",
        ours=found["ours"],
        peer_name="python -m awslambdaric",
        peer=found["stock"],
        limit_ratio=0.7,
    )


def _answer(port: int) -> None:
    def answers() -> bool:
        try:
            return send(f"http://127.0.0.1:{port}{PATH}", method="POST", body=b"{}").status == 200
        except OSError:
            return False

    if not poll(answers, START_SECONDS, every=0.005):
        raise SystemExit(f"the container does not answer on port {port}")
