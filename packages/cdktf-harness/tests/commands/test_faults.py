"""Errors of a deployment: one line that says what is wrong and what to do, and an exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.project import environment
from cdktf_harness.project.project import find
from cdktf_harness.synthesis import manifest
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.progress import Steps

from .conftest import TABLE, harness, write_project

FILES = ("main.py", "pyproject.toml")


def unread_harness(project: Path, *arguments: str) -> str:
    """Run it with a closed standard output, as after `head`; return its standard error."""
    read, write = os.pipe()
    os.close(read)
    command = [str(Path(sys.executable).parent / "cdktf-harness"), *arguments]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with open(write, "wb") as output:
        done = subprocess.run(command, cwd=project, env=env, stdout=output, stderr=subprocess.PIPE, text=True)
    return done.stderr


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


def test_an_app_that_does_not_synthesize_shows_its_own_error(deployed: Path) -> None:
    """Its last line is the error; what it printed before is shown above."""
    (deployed / "main.py").write_text("app = (\n")
    done = harness(deployed, "up")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == "error: the app does not synthesize: SyntaxError: '(' was never closed"
    assert 'main.py", line 1' in done.stderr


def test_a_warning_of_the_app_is_shown(deployed: Path) -> None:
    """Of its Annotations, in one line, while the deployment succeeds."""
    main = (deployed / "main.py").read_text()
    (deployed / "main.py").write_text(main.replace("}}}})", "}}}}, warning='no\\nrecipient')"))
    done = harness(deployed, "up")
    assert (done.returncode, "warning: hello: no recipient" in done.stderr.splitlines()) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("main", "says"),
    [
        ("import plain_app\n", "it ended without a call of synth()"),
        ("import sys\nsys.exit(3)\n", "it printed nothing (exit code 3)"),
    ],
)
def test_an_app_that_makes_no_stacks_does_not_deploy_those_of_before(deployed: Path, main: str, says: str) -> None:
    """One line says what is wrong."""
    (deployed / "main.py").write_text(main)
    done = harness(deployed, "up")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, f"error: the app does not synthesize: {says}")


def test_an_app_that_does_not_end_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while, a line says what the command waits for."""
    monkeypatch.setattr(manifest, "LATE_SECONDS", 0.1)
    (project / "main.py").write_text("import pathlib, time\nwhile not pathlib.Path('go').exists(): time.sleep(0.05)\n")
    said: list[str] = []

    class Said(Steps):
        def say(self, line: str) -> None:
            said.append(line)
            (project / "go").touch()

    folder = project / "local"
    tools = environment.tools("bundled", find(project), folder)
    deployment = Deployment(find(project), folder, {**os.environ, **tools}, Said())
    with pytest.raises(HarnessError, match="it ended without a call of synth"):
        deployment.synthesize()
    assert said == ["  the app has not synthesized for 0.1 s: waiting for `app` of cdktf.json, Ctrl-C ends it"]


def test_what_terraform_refuses_is_shown_whole(deployed: Path) -> None:
    """The error of a deployment is Terraform's own, with its place."""
    main = (deployed / "main.py").read_text()
    (deployed / "main.py").write_text(main.replace("'http://localhost:1/'", "'${local.missing}'"))
    done = harness(deployed, "up")
    assert done.returncode == 1
    assert 'A local value with the name "missing" has not been declared.' in done.stderr
    assert done.stderr.splitlines()[-1] == "error: terraform apply of stack hello: Reference to undeclared local value"


def test_a_url_that_does_not_answer_is_named(deployed: Path) -> None:
    """The error names the URL. The state is not in the place of an AWS deployment's."""
    (deployed / "pyproject.toml").write_text(TABLE)
    done = harness(deployed, "get")
    assert done.returncode == 1
    assert list(deployed.glob("*.tfstate*")) == []
    assert done.stderr.splitlines()[-1].startswith("error: http://localhost:1/ does not answer")


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


def test_a_stack_that_the_app_has_not_is_named(deployed: Path) -> None:
    """With the stacks that there are."""
    (deployed / "pyproject.toml").write_text('[tool.cdktf-harness]\nstacks = ["helo"]\n')
    done = harness(deployed, "up")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "error: [tool.cdktf-harness] names the stack 'helo'; the app has hello"


def test_without_a_url_the_outputs_are_printed(up: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """By `up` and by `get`, also if the reader closes the pipe."""
    root, printed = up
    assert (printed.returncode, json.loads(printed.stdout)) == (0, {"hello": {"url": "http://localhost:1/"}})
    assert harness(root, "get").stdout == printed.stdout
    assert unread_harness(root, "get") == ""
    env = harness(root, "env", PATH=f"/another/folder:{os.environ['PATH']}", AWS_PROFILE="real").stdout
    # The programs are those of the present, and no profile leads out of the embedded cloud.
    assert re.search("^export PATH=.*:/another/folder:", env, re.MULTILINE)
    assert "unset AWS_PROFILE\n" in env


def test_a_type_that_is_not_bundled_says_where_it_is(deployed: Path) -> None:
    """The error says how to use the real providers, and has the source line of the resource."""
    main = deployed / "main.py"
    main.write_text(
        "from cdktf import App, TerraformStack\n"
        "from cdktf_cdktf_provider_aws.provider import AwsProvider\n"
        "from cdktf_cdktf_provider_aws.xray_group import XrayGroup\n"
        "app = App()\n"
        "stack = TerraformStack(app, 'hello')\n"
        "AwsProvider(stack, 'aws', region='eu-central-1')\n"
        "XrayGroup(stack, 'group', group_name='x', filter_expression='duration > 1')\n"
        "app.synth()\n"
    )
    done = harness(deployed, "up")
    assert done.returncode == 1
    line = len(main.read_text().splitlines()) - 1
    assert done.stderr.splitlines()[-1] == (
        "error: terraform apply of stack hello: Invalid resource type among the bundled providers; use the real ones: "
        f"PROVIDERS=registry (hello/group, made in main.py:{line})"
    )
