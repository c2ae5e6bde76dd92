"""Damaged records of a deployment: one line names the file, and `down` still works."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands.running import write_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdktf_harness.cloud.process import Cloud
from cdktf_harness.commands import cli

# What a deployment keeps, as it is when all is well and the machine was started anew since.
PROCESS = {"pid": 2**22 - 1, "started": 1.5}
FILES: dict[str, Any] = {
    "cloud/cloud.json": {"port": 4567, "host": "here", "folder": "/nowhere", **PROCESS},
    "environment.json": {"AWS_ENDPOINT_URL": "http://localhost:4567", "PATH": "/bin", "CDKTF_OUTPUT": "/nowhere"},
    "outputs.json": {"hello": {"said": "hello"}},
    "sources.json": {"hello": "main.py:1"},
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["localhost:1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """One of the files, and what is in it instead."""
    name = draw(st.sampled_from(sorted(FILES)))
    good = json.dumps(FILES[name]).encode()
    some_values = FILES[name] if isinstance(FILES[name], dict) else {}
    with_other_values = st.fixed_dictionaries({}, optional=dict.fromkeys(some_values, VALUES))
    content = draw(
        st.integers(0, len(good) - 1).map(lambda length: good[:length])
        | st.binary(max_size=20)
        | VALUES.map(lambda value: json.dumps(value).encode())
        | with_other_values.map(lambda value: json.dumps({**some_values, **value}).encode())
    )
    return name, content


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small app, in whose folder the command line runs; without an engine, which would be asked each time."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.chdir(write_app(tmp_path))
    return tmp_path


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damaged())
def test_a_damaged_record_is_one_line(app: Path, case: tuple[str, bytes]) -> None:
    """Commands answer or say in one line what is wrong, never with a traceback; `down` leaves nothing."""
    folder = app / ".cdktf-harness" / "local"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(content))
    (folder / case[0]).write_bytes(case[1])
    for command in ("get", "env", "diff"):
        code, said = run(command)
        assert code in (0, 1)
        assert code == 0 or (said.startswith("error: ") and said.count("\n") == 1), said
    code, said = run("down")
    assert (code, list(app.glob(".cdktf-harness"))) == (0, []), said


def run(*arguments: str) -> tuple[int, str]:
    """Run the command line in this process; its exit code and what it wrote to standard error."""
    error = io.StringIO()
    with arguments_of(*arguments), contextlib.redirect_stderr(error), contextlib.redirect_stdout(io.StringIO()):
        try:
            cli.main()
        except SystemExit as end:
            return int(end.code or 0), error.getvalue()
    return 0, error.getvalue()


@contextlib.contextmanager
def arguments_of(*arguments: str) -> Iterator[None]:
    """This process's arguments, for the time being."""
    before = sys.argv
    sys.argv = ["cdktf-harness", *arguments]
    try:
        yield
    finally:
        sys.argv = before


def test_a_cloud_whose_record_is_damaged_is_found(tmp_path: Path) -> None:
    """By its folder: it goes on, and it can be stopped."""
    with Cloud(tmp_path).start() as cloud:
        before, url = cloud.process, cloud.url
        assert before
        (tmp_path / "cloud.json").write_text('{"port":')
        assert (cloud.process, cloud.url, cloud.running) == (before, url, True)
        cloud.start()
        assert cloud.process == before
    assert not before.alive


def test_a_damaged_state_is_one_line(app: Path) -> None:
    """Terraform could not read it: the last line says so, and taking the deployment down is the way on."""
    state = app / ".cdktf-harness" / "local" / "state" / "terraform.hello.tfstate"
    try:
        assert run("up")[0] == 0
        state.write_text('{"version": 4, "terraform_version": "1.1')
        code, said = run("up")
        assert code == 1
        assert said.splitlines()[-1].startswith(f"error: {state} is damaged and has no backup: "), said
    finally:
        code, said = run("down")
    assert (code, list(app.glob(".cdktf-harness"))) == (0, []), said
