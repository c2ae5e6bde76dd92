"""Errors: one line that says what is wrong and what to do, and an exit code."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from http_server import Response, serving

from cdktf_harness.cloud.process import Cloud
from cdktf_harness.commands.cli import main
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.local import LocalDeployment
from cdktf_harness.project import environment
from cdktf_harness.project.errors import CommandFailed, HarnessError
from cdktf_harness.project.progress import Steps
from cdktf_harness.project.project import find
from cdktf_harness.project.variables import STATES
from cdktf_harness.synthesis import manifest
from cdktf_harness.terraform.cdktf_cli import cdktf
from cdktf_harness.terraform.explained import explained
from terraform_standins.protocol import tls

from .conftest import TABLE, harness, write_project

FILES = ("main.py", "pyproject.toml")
KEYS = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
EMBEDDED = {"AWS_ACCESS_KEY_ID": "LOCALAAAAAAAAAAAAAAA"}


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


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("cdktf.json", None, "no cdktf.json in"),
        ("cdktf.json", "{", "cdktf.json is not JSON: "),
        ("pyproject.toml", None, "describe the app there, in [tool.cdktf-harness]"),
        ("pyproject.toml", "[", "is not TOML: "),
        ("pyproject.toml", "", "[tool.cdktf-harness] needs `stacks`"),
        ("cdktf.json", "[1]", "cdktf.json is [1]; it must be an object"),
        ("cdktf.json", "{}", "cdktf.json does not say how to run the app: `app` must be a command"),
        ("cdktf.json", '{"app": "x", "context": "y"}', 'cdktf.json: `context` is "y"; it must be an object'),
        ("pyproject.toml", "tool = 1", "`tool` is 1; [tool.cdktf-harness] must be a table"),
        ("pyproject.toml", '[tool.cdktf-harness]\nstacks = "api"', '`stacks` is "api"; it must be a list of strings'),
        ("pyproject.toml", TABLE + "types = [1]", "`types` is [1]; it must be a list of strings"),
        ("pyproject.toml", TABLE + "logs = 2020-01-01", '`logs` is "2020-01-01"; it must be a string'),
        ("pyproject.toml", TABLE + "local = {A = 1}", '`local` is {"A": 1}; it must be a table of strings'),
        ("pyproject.toml", TABLE + "colour = 1\n", "[tool.cdktf-harness] has no key 'colour'; there are "),
    ],
)
def test_a_project_that_is_not_one(project: Path, name: str, content: str | None, says: str) -> None:
    """One line names the file and the key, the value, and what is allowed."""
    path = project / name
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    with pytest.raises(HarnessError) as caught:
        find(project)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("command", "env", "says"),
    [
        (("get",), {}, "error: nothing is deployed; `cdktf-harness up` does it"),
        # Terraform's state, which may be in AWS, knows what another machine deployed.
        (("aws", "get"), {"AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": ""}, "error: no usable AWS credentials"),
        (("env",), {}, "error: nothing is up; `cdktf-harness up` brings it up"),
        (("diff",), {}, "error: nothing is up; `cdktf-harness up` brings it up"),
        (("up",), {"PROVIDERS": "other"}, "error: PROVIDERS=other: allowed are bundled and registry"),
        (("up",), {"TERRAFORM_BINARY_NAME": "nosuch"}, "error: TERRAFORM_BINARY_NAME=nosuch: there is no such program"),
        (("aws", "up"), {"AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": ""}, "error: no usable AWS credentials"),
        (("aws", "up"), {"AWS_PROFILE": "nosuch"}, "error: no usable AWS credentials (The config profile (nosuch)"),
        (
            ("aws", "up"),
            {**KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
            "error: AWS does not answer (Could",
        ),
        (
            ("aws", "up"),
            {**KEYS, "PROVIDERS": "bundled"},
            "error: PROVIDERS=bundled: the bundled providers are",
        ),
        (
            # With a key that AWS has not; nothing listens there.
            ("aws", "up"),
            {**KEYS, **EMBEDDED, "PROVIDERS": "bundled", "HTTPS_PROXY": "http://127.0.0.1:9"},
            "error: AWS does not answer (",
        ),
    ],
)
def test_a_command_that_cannot_work(
    project: Path,
    command: tuple[str, ...],
    env: dict[str, str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The last line says what is missing."""
    run_here(project, command, env, monkeypatch)
    assert capsys.readouterr().err.strip().splitlines()[-1].startswith(says)


def test_a_proxy_with_its_own_certificate_is_told(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error names the variables that the programs of a deployment read."""
    pem = tls.create()
    (tmp_path / "pem").write_bytes(pem.key + pem.certificate)
    with serving(lambda _: Response(), tmp_path / "pem") as port:
        env = {**KEYS, "AWS_ENDPOINT_URL": f"https://localhost:{port}"}
        run_here(project, ("aws", "up"), env, monkeypatch)
    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error: ")]
    assert line.startswith("error: AWS's certificate is not trusted (SSL validation failed")
    assert line.endswith("set AWS_CA_BUNDLE and SSL_CERT_FILE to a file with its CA")


def run_here(project: Path, command: tuple[str, ...], env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a command that must fail, in this process: to start one takes longer than all that it does."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.chdir(project)
    monkeypatch.setattr(sys, "argv", ["cdktf-harness", *command])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1


def test_what_a_command_left_that_could_not_work_is_removed(project: Path) -> None:
    """By `down`."""
    up = harness(project, "up", TERRAFORM_BINARY_NAME="nosuch")
    assert (up.returncode, up.stdout) == (1, "")
    assert (project / ".cdktf-harness").exists()
    assert harness(project, "down").returncode == 0
    assert not (project / ".cdktf-harness").exists()


def test_an_app_that_does_not_synthesize_shows_its_own_error(deployed: Path) -> None:
    """Its last line is the error; what it printed before is shown above."""
    (deployed / "main.py").write_text("app = (\n")
    done = harness(deployed, "up")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == "error: the app does not synthesize: SyntaxError: '(' was never closed"
    assert 'main.py", line 1' in done.stderr


TAKEN = (
    "creating ECR Repository (x): operation error ECR: RepositoryAlreadyExistsException: The repository already exists"
)


@pytest.mark.parametrize(
    ("said", "env", "way_out"),
    [
        (
            "Plugin did not respond\n\nThe plugin encountered an error, and failed to respond to the call.",
            {},
            ": a provider ended meanwhile; run the command again",
        ),
        (
            TAKEN,
            {},
            "; it is not in Terraform's state: use the state that has it (another file or bucket, or an older "
            "version), or `terraform import`",
        ),
        (
            TAKEN,
            {STATES: "local"},
            "; it is not in Terraform's state: if that was lost, take the deployment down and bring it up again",
        ),
    ],
)
def test_the_way_out_that_terraform_does_not_tell(said: str, env: dict[str, str], way_out: str) -> None:
    """Terraform (1.15) says what it sees only: of a killed provider, and of what a lost state had."""
    error = explained(CommandFailed("it failed", output=f"Error: {said}"), "cdktf deploy", [], env)
    assert str(error) == f"cdktf deploy: {said.splitlines()[0]}{way_out}"


def test_the_last_line_of_a_program_of_a_provisioner_is_told() -> None:
    """Terraform only says that there was an error, and breaks the lines of what the program printed."""
    error = "Error: local-exec provisioner error\n\nError running command 'x': exit status 1. Output: it is\nno image\n"
    printed = "t (local-exec): Executing: x\nt (local-exec): it is no image\n"
    told = explained(CommandFailed("it failed", output=printed + error), "cdktf deploy", [], {})
    assert str(told) == "cdktf deploy: local-exec provisioner error: it is no image"
    # In JSON, nothing is broken into lines, and what was printed meanwhile is not an error.
    told = explained(CommandFailed("it failed", output=error.replace("is\nno", "is no")), "cdktf deploy", [], {})
    assert str(told) == "cdktf deploy: local-exec provisioner error: it is no image"


def test_a_warning_is_not_taken_for_the_error() -> None:
    """CDKTF's command line was killed after Terraform had warned."""
    said = "hello  ╷\n       │ Warning: Incomplete lock file information for providers\n       ╵\n"
    error = explained(CommandFailed("it was killed", output=said), "cdktf deploy", [], {})
    assert str(error) == "it was killed"


def test_an_app_that_makes_no_stacks_does_not_deploy_those_of_before(deployed: Path) -> None:
    """An app without stacks does not deploy those of an earlier synthesis, and one line says what is wrong."""
    main = deployed / "main.py"
    deployment = LocalDeployment(find(deployed), deployed / ".cdktf-harness" / "local")
    deployment.start()
    broken = {
        "import plain_app\n": "it ended without a call of synth()",
        "import sys\nsys.exit(3)\n": "it printed nothing (exit code 3)",
        "print('no region')\nexit(1)\n": "no region",
    }
    for text, says in broken.items():
        main.write_text(text)
        with pytest.raises(CommandFailed, match=f"^the app does not synthesize: {re.escape(says)}$") as failed:
            deployment.deploy()
        assert failed.value.tail == ""


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
        deployment.cdktf("synth")
    assert said == ["  the app has not synthesized for 0.1 s: waiting for `app` of cdktf.json, Ctrl-C ends it"]


def test_what_terraform_refuses_is_shown_whole(deployed: Path) -> None:
    """The error of a deployment is Terraform's own, with its place."""
    main = (deployed / "main.py").read_text()
    (deployed / "main.py").write_text(main.replace("'http://localhost:1/'", "'${local.missing}'"))
    done = harness(deployed, "up")
    assert done.returncode == 1
    assert 'A local value with the name "missing" has not been declared.' in done.stderr
    assert done.stderr.splitlines()[-1] == "error: cdktf deploy: Reference to undeclared local value"


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
    """The error is not that of CDKTF's command line, which does not know the table."""
    (deployed / "pyproject.toml").write_text('[tool.cdktf-harness]\nstacks = ["helo"]\n')
    done = harness(deployed, "up")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == ("error: the app has no stack 'helo', which its [tool.cdktf-harness] names")


def test_a_command_line_that_cannot_start_says_what_it_needs(project: Path) -> None:
    """Without the override, npm installs binaries for older versions of Node only."""
    program = project / "node_modules/.bin/cdktf"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho \"Error: Cannot find module '../build/Release/pty.node'\"; exit 1\n")
    program.chmod(0o755)
    with pytest.raises(CommandFailed, match=r"^cdktf cannot load its terminal library: package\.json needs"):
        cdktf("deploy", project=project, env=os.environ)


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


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    """A cloud keeps its port; if another program uses it meanwhile, the error names the port."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(HarnessError, match=f"port {port} of the embedded cloud is taken"):
            Cloud(tmp_path).start(port=port)


def test_a_folder_that_cannot_be_written_is_named(project: Path) -> None:
    """The folder of the local state is a file: the error names it."""
    (project / ".cdktf-harness").write_text("")
    done = harness(project, "up")
    assert done.returncode == 1
    assert done.stderr == f"error: {project / '.cdktf-harness'} is not a directory: remove it\n"


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
        "error: cdktf deploy: Invalid resource type among the bundled providers; use the real ones: "
        f"PROVIDERS=registry (hello/group, made in main.py:{line})"
    )
