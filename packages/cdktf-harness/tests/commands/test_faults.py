"""Errors of a deployment: one line that says what is wrong and what to do, and an exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import TABLE, harness, write_project

FILES = ("main.py", "pyproject.toml")


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, subprocess.CompletedProcess[str]]]:
    """The app without a URL, up, and what `up` said; taken down at the end."""
    root = write_project(tmp_path_factory.mktemp("up"))
    (root / "pyproject.toml").write_text('[tool.cdktf-harness]\nstacks = ["hello"]\n')
    try:
        yield root, harness(root, "up")
    finally:
        down = harness(root, "down")
    assert down.returncode == 0
    assert not (root / ".cdktf-harness").exists()


@pytest.fixture
def deployed(up: tuple[Path, subprocess.CompletedProcess[str]]) -> Iterator[Path]:
    """The app that is up, whose files a test may edit, but not so that it deploys something else."""
    root, _ = up
    before = {name: (root / name).read_text() for name in FILES}
    yield root
    for name, text in before.items():
        (root / name).write_text(text)


MAIN = "from plain_app import synth\nsynth({'hello': %s})\n"
UNDECLARED = "{'output': {'url': {'value': '${local.missing}'}}}"
UNSET = "{'variable': {'wanted': {}}, 'output': {'url': {'value': '${var.wanted}'}}}"
APPLY, NO_SYNTHESIS = "terraform apply of stack hello: ", "the app does not synthesize: "


@pytest.mark.parametrize(
    ("file", "text", "before", "last"),
    [
        ("main.py", "app = (\n", "", f"{NO_SYNTHESIS}SyntaxError: '(' was never closed (main.py, line 1)"),
        ("main.py", "\nraise ValueError('no')\n", "", f"{NO_SYNTHESIS}ValueError: no (main.py, line 2)"),
        # Its stacks are not those of an earlier synthesis.
        ("main.py", "import plain_app\n", "", f"{NO_SYNTHESIS}it ended without a call of synth()"),
        ("main.py", "import sys\nsys.exit(3)\n", "", f"{NO_SYNTHESIS}it printed nothing (exit code 3)"),
        (
            "main.py",
            MAIN % UNDECLARED,
            'A local value with the name "missing" has not been declared.',
            f"{APPLY}Reference to undeclared local value",
        ),
        # Terraform does not ask for it, which would wait for ever.
        ("main.py", MAIN % UNSET, "", "the variable wanted of stack hello has no value; set TF_VAR_wanted"),
        (
            "pyproject.toml",
            TABLE.replace("hello", "helo"),
            "",
            "[tool.cdktf-harness] names the stack 'helo'; the app has hello",
        ),
    ],
    ids=["syntax", "error", "no stacks", "no output", "undeclared", "no value", "no such stack"],
)
def test_an_app_that_cannot_be_deployed(deployed: Path, file: str, text: str, before: str, last: str) -> None:
    """The last line says what is wrong; what the failed program printed is above."""
    (deployed / file).write_text(text)
    done = harness(deployed, "up")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == f"error: {last}"
    assert before in done.stderr
    assert "Traceback" not in done.stderr


def test_a_url_that_does_not_answer_is_named(deployed: Path) -> None:
    """The state is not in the place of an AWS deployment's."""
    (deployed / "pyproject.toml").write_text(TABLE)
    done = harness(deployed, "get")
    assert (done.returncode, list(deployed.glob("*.tfstate*"))) == (1, [])
    assert done.stderr.splitlines()[-1].startswith("error: http://localhost:1/ does not answer")


def test_a_warning_of_the_app_is_shown(deployed: Path) -> None:
    """Of its Annotations, in one line, while the deployment succeeds."""
    main = (deployed / "main.py").read_text()
    (deployed / "main.py").write_text(main.replace("}}}})", "}}}}, warning='no\\nrecipient')"))
    done = harness(deployed, "up")
    assert (done.returncode, "warning: hello: no recipient" in done.stderr.splitlines()) == (0, True), done.stderr


def test_a_diff_is_the_plan_and_nothing_else(deployed: Path) -> None:
    """No spinner and no initialisation: what would change. That nothing would is in the tests of `watch`."""
    main = deployed / "main.py"
    main.write_text(main.read_text().replace("localhost:1", "localhost:2"))
    something = harness(deployed, "diff")
    title, change, *_ = something.stdout.splitlines()
    assert (title, change.strip()) == (
        "hello: Changes to Outputs:",
        '~ url = "http://localhost:1/" -> "http://localhost:2/"',
    )


def test_without_a_url_the_outputs_are_printed(up: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """By `up` and by `get`."""
    root, printed = up
    assert (printed.returncode, json.loads(printed.stdout)) == (0, {"hello": {"url": "http://localhost:1/"}})
    assert harness(root, "get").stdout == printed.stdout
    env = harness(root, "env", PATH=f"/another/folder:{os.environ['PATH']}", AWS_PROFILE="real").stdout
    # The programs are those of the present, and no profile leads out of the embedded cloud.
    assert re.search("^export PATH=.*:/another/folder:", env, re.MULTILINE)
    assert "unset AWS_PROFILE\n" in env
