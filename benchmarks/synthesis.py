"""Measure the synthesis of the stacks, which every command waits for."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.figure import Figure
from benchmarks.measure import Run, command, take_turns


def figures(bench: Bench) -> Iterator[Figure]:
    """Measure time and memory of a synthesis, alone and with CDKTF's command line."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        yield from _by_itself(bench, out)
        yield _routes(bench, out)
        yield _command_line(bench, out)
        yield _memory(bench, out)


def _main(bench: Bench, out: Path, *, stock: bool, memory: bool = False) -> Run:
    env = {**bench.env, "CDKTF_OUTDIR": str(out), **(bench.stock if stock else {})}
    return command([sys.executable, "main.py"], cwd=bench.root, env=env, memory=memory)


def _by_itself(bench: Bench, out: Path) -> Iterator[Figure]:
    bare = [sys.executable, "-c", "import cdktf"]
    if not bench.quick:
        _compare(bench, out)
    found = bench.with_imports(
        ours=lambda: _main(bench, out, stock=False).wall,
        bare=lambda: command(bare, cwd=bench.root, env=bench.env).wall,
        stock=lambda: _main(bench, out, stock=True).wall,
    )
    name = "python main.py, both stacks"
    yield Figure(
        name=name, unit="s", ours=found["ours"], peer_name="stock imports", peer=found["stock"], limit_ratio=1 / 20
    )
    more = [ours - bare for ours, bare in zip(found["ours"], found["bare"], strict=True)]
    yield Figure(name="the same, more than `import cdktf` alone", unit="s", ours=more, limit=0.2)


def _compare(bench: Bench, out: Path) -> None:
    """Raise SystemExit if the stacks differ with all of the stock imports; tests compare with some of them."""
    documents = []
    for stock in (True, False):
        _main(bench, out, stock=stock)
        documents.append({path.parent.name: path.read_text() for path in out.glob("stacks/*/cdk.tf.json")})
    if documents[0] != documents[1]:
        raise SystemExit("fast synthesis makes other stacks than the stock imports")


def _routes(bench: Bench, out: Path) -> Figure:
    def synthesize(routes: int) -> float:
        arguments = [sys.executable, "-m", "benchmarks.routes", str(routes)]
        return command(arguments, cwd=bench.root, env={**bench.env, "CDKTF_OUTDIR": str(out)}).wall

    fifty, hundred = (2, 3) if bench.quick else (50, 100)
    found = take_turns(
        bench.runs, one=lambda: synthesize(1), fifty=lambda: synthesize(fifty), all=lambda: synthesize(hundred)
    )
    more = [all_ - one for one, all_ in zip(found["one"], found["all"], strict=True)]
    half = [fifty - one for one, fifty in zip(found["one"], found["fifty"], strict=True)]
    return Figure(
        name="100 routes instead of 1", unit="s", ours=more, peer_name="50 instead of 1", peer=half, limit=0.6
    )


def _command_line(bench: Bench, out: Path) -> Figure:
    arguments = ["cdktf", "synth", "--output", str(out / "cli")]
    found = bench.with_imports(
        ours=lambda: command(arguments, cwd=bench.root, env=bench.env).wall,
        stock=lambda: command(arguments, cwd=bench.root, env={**bench.env, **bench.stock}).wall,
    )
    return Figure(name="cdktf synth", unit="s", ours=found["ours"], peer_name="stock imports", peer=found["stock"])


def _memory(bench: Bench, out: Path) -> Figure:
    found = bench.with_imports(
        ours=lambda: _main(bench, out, stock=False, memory=True).peak_mb,
        stock=lambda: _main(bench, out, stock=True, memory=True).peak_mb,
    )
    return Figure(
        name="peak memory of a synthesis, Python and Node",
        unit="MB",
        ours=found["ours"],
        peer_name="stock imports",
        peer=found["stock"],
        limit_ratio=1 / 3,
    )
