"""Where Terraform's state is: in the folder of the local deployment, whatever backend the app has."""

from __future__ import annotations

import io
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path
from unittest import mock

import pytest

from cdktf_harness.project.variables import REMOTE_STATES, STATES, TERRAFORM
from cdktf_harness.terraform import remote_states
from cdktf_harness.terraform.backend import replace
from cdktf_harness.terraform.remote_states import OVERRIDE

from .conftest import BIN, harness, write
from .remote_states import elsewhere, write_app
from .running import found

# What leads to a real state or account, where a person has it in the environment.
REAL = {
    "TF_HTTP_ADDRESS": "http://127.0.0.1:9/",
    "TF_TOKEN_app_terraform_io": "real",
    "TF_WORKSPACE": "real",
    "TF_CLI_ARGS_init": "-backend-config=address=http://127.0.0.1:9/",
    "AWS_PROFILE": "real",
}
HAS_MODULE = """
backend = {{"s3": {{"bucket": "states", "key": "own", "region": "eu-central-1"}}}}
synth({{"one": {{"terraform": {{"backend": backend}}, "module": {{"child": {{"source": "{child}"}}}}}}}})
"""
OF_MODULE = "module.child.data.terraform_remote_state.network"
READS_STATE = """
variable "address" {}

data "terraform_remote_state" "network" {
  backend = "http"
  config = {
    address = var.address
  }
}
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in which each test deploys an app."""
    root = tmp_path_factory.mktemp("app")
    yield root
    harness(root, "down")
    assert found(root, "*.tfstate*") == []


def test_no_command_touches_the_state_of_the_real_deployment(app: Path) -> None:
    """Stacks with a state on an HTTP server, in S3 and in HCP Terraform deploy, and read one another's outputs."""
    write_app(app)
    with elsewhere() as (url, asked):
        done = harness(app, "up", **REAL, ELSEWHERE=url)
    assert done.returncode == 0, done.stderr
    states = [app / f".cdktf-harness/local/state/terraform.{name}.tfstate" for name in ("first", "second", "third")]
    resources = [json.loads(path.read_text())["resources"][-1] for path in states]
    assert resources[1]["instances"][0]["attributes"]["name"] == "one"
    assert asked == []


def test_a_module_of_an_app_reaches_no_account(app: Path) -> None:
    """Terraform ignores a module's backend, and the role for a state that it may read is one of the embedded cloud."""
    child = app / "child"
    child.mkdir()
    config: dict[str, object] = {"bucket": "states", "key": "network", "region": "eu-central-1", "use_path_style": True}
    config["assume_role"] = {"role_arn": "arn:aws:iam::123456789012:role/reader"}
    with elsewhere() as (url, asked):
        backend = {"backend": {"http": {"address": f"{url}/state"}}}
        data = {"terraform_remote_state": {"network": {"backend": "s3", "config": config}}}
        (child / "main.tf.json").write_text(json.dumps({"terraform": backend, "data": data}))
        write(app, HAS_MODULE.format(child=child), "one", table=f'remote_states = ["{OF_MODULE}"]\n')
        done = harness(app, "up", **REAL)
    assert "NoSuchBucket" in done.stderr
    assert asked == []


def test_a_module_does_not_read_a_state(tmp_path: Path) -> None:
    """It may be that of the real deployment; a state of another app can be listed."""
    (tmp_path / "child").mkdir()
    (tmp_path / "child/main.tf").write_text(READS_STATE)
    with elsewhere() as (url, asked):

        def planned(allowed: str = "", *before: str) -> subprocess.CompletedProcess[str]:
            called = {"source": "../../child", "address": f"{url}/state", "//": {"metadata": {"path": "two/child"}}}
            (tmp_path / "stacks/two").mkdir(parents=True, exist_ok=True)
            (tmp_path / "stacks/two/cdk.tf.json").write_text(json.dumps({"module": {"child": called}}))
            env = {**os.environ, STATES: str(tmp_path), REMOTE_STATES: allowed}
            for command in (*before, "plan"):
                program = [str(BIN / "terraform"), command, "-input=false", "-no-color"]
                done = subprocess.run(program, cwd=tmp_path / "stacks/two", env=env, capture_output=True, text=True)
            return done

        done = planned("", "init")
        assert done.returncode == 1
        where = f"(two/child, {tmp_path.resolve()}/child/main.tf:4)"
        assert f"Error: {OF_MODULE} {where} may read the state of this app's real deployment" in done.stderr
        assert asked == []
        planned(OF_MODULE)
        assert asked.pop().startswith("GET /state\n")


REFUSED = "Error: data.terraform_remote_state.read may read the state of this app's real deployment"
S3 = {"bucket": "b", "key": "k", "region": "r"}
HTTP = {"address": "http://localhost/state"}
NAMED = {"organization": "o", "workspaces": {"name": "app-prod"}}


@pytest.mark.parametrize(
    ("backend", "read"),
    [
        ({"http": {**HTTP, "password": "p"}}, {"config": HTTP}),
        ({"s3": {**S3, "encrypt": True}}, {"config": {**S3, "profile": None}, "workspace": "default"}),
        ({"remote": NAMED}, {"config": NAMED}),
    ],
)
def test_a_stack_reads_the_local_state_of_another_one(
    tmp_path: Path, backend: dict[str, object], read: dict[str, object]
) -> None:
    """If that stack's backend has all arguments that the data source has."""
    read = {"backend": next(iter(backend), ""), **read}
    assert planned(tmp_path, backend, read) == ""
    override = json.loads((tmp_path / "stacks/two" / OVERRIDE).read_text())
    found = override["data"]["terraform_remote_state"]["read"]
    assert found["config"] == {"path": "/states/terraform.one.tfstate"}


@pytest.mark.parametrize(
    ("backend", "read"),
    [
        ({"http": HTTP}, {"config": {"address": "HTTP://localhost/x/../state"}}),
        ({"http": HTTP}, {"config": "${local.config}"}),
        ({"s3": S3}, {"config": {**S3, "key": "env:/prod/k"}}),
        ({"s3": S3}, {"config": S3, "workspace": "prod"}),
        ({"s3": S3}, {"backend": "${var.type}", "config": S3}),
        ({"local": {"path": "/real/one.tfstate"}}, {"config": {}}),
    ],
)
def test_a_stack_reads_no_other_state(tmp_path: Path, backend: dict[str, object], read: dict[str, object]) -> None:
    """Unless the table lists it, since it may be that of a real deployment."""
    read = {"backend": next(iter(backend)), **read}
    assert REFUSED in planned(tmp_path, backend, read)
    assert planned(tmp_path, backend, read, "data.terraform_remote_state.read") == ""


IN_CHECK: dict[str, object] = {"terraform_remote_state": {"read": {"backend": "local", "config": {"path": "x"}}}}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("check.tf.json", json.dumps({"check": {"one": {"data": IN_CHECK}}})),
        ("check.tf.json", json.dumps({"check": [{"one": [{"data": [IN_CHECK]}]}]})),
        ("check.tf", 'check "one" {\n  data "terraform_remote_state" "read" {}\n}\n'),
        ("escaped.tf", 'data "terraform\\u005fremote_state" "read" {}\n'),
        ("escaped.tf.json", json.dumps({"data": IN_CHECK}).replace("_remote", "\\u005fremote")),
        ("comments.tf", '/* a\n*/ data /* b */ "terraform_remote_state" /* c */ "read" {}\n'),
    ],
)
def test_a_state_is_found_wherever_it_is_written(tmp_path: Path, name: str, text: str) -> None:
    """In a check's own data source too, which no override replaces."""
    (tmp_path / "stacks/two").mkdir(parents=True)
    (tmp_path / "stacks/two" / name).write_text(text)
    state: dict[str, object] = {"backend": "local", "config": {"path": "../one/x"}}
    assert REFUSED in planned(tmp_path, {"local": {"path": "x"}}, state)


def planned(root: Path, real: dict[str, object], read: dict[str, object], listed: str = "") -> str:
    """Do what comes before Terraform in a plan of a stack that reads a state; return why it is refused."""
    made = {
        "one": {"terraform": {"backend": real}},
        "two": {"data": {"terraform_remote_state": {"read": read}}},
    }
    for name, document in made.items():
        (root / "stacks" / name).mkdir(parents=True, exist_ok=True)
        (root / "stacks" / name / "cdk.tf.json").write_text(json.dumps(document))
    stack, errors = str(root / "stacks/two"), io.StringIO()
    with mock.patch.dict(os.environ, {REMOTE_STATES: listed}), redirect_stderr(errors):
        assert replace(stack, "/states")
        assert remote_states.refused(stack, "plan") == bool(errors.getvalue())
    return errors.getvalue()


def test_another_terraform_has_the_same_states(tmp_path: Path) -> None:
    """For any program in TERRAFORM_BINARY_NAME, with every kind of backend and configuration."""
    config, named = {"bucket": "b"}, {"organization": "o", "workspaces": {"name": "two"}}
    providers = [{"region": "x", "access_key": "${var.key}"}, {"alias": "b", "profile": "real", "secret_key": "real"}]
    states = {
        "cross-stack-reference-input-one": {"backend": "gcs", "config": config},
        "by_hand": {"backend": "remote", "config": named},
        "of_another_app": {"backend": "s3", "config": {**config, "key": "network"}},
    }
    two = {"terraform": {"cloud": named}, "provider": {"aws": providers}, "data": {"terraform_remote_state": states}}
    made = {"one": {"terraform": {"backend": {"gcs": {**config, "prefix": "one"}}}}, "two": two}
    for name, document in made.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "cdk.tf.json").write_text(json.dumps(document))
    env = {**os.environ, TERRAFORM: "/bin/echo", STATES: "/states"}
    arguments = [str(BIN / "terraform"), "init", "-upgrade"]
    done = subprocess.run(arguments, cwd=tmp_path / "two", env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "init -reconfigure -upgrade\n"
    found = json.loads((tmp_path / "two" / OVERRIDE).read_text())
    assert found["terraform"] == {"backend": {"local": {"path": "/states/terraform.two.tfstate"}}}
    assert found["provider"] == {"aws": [{"alias": "b", "profile": None, "secret_key": None}]}
    assert found["data"]["terraform_remote_state"] == {
        "cross-stack-reference-input-one": {"backend": "local", "config": {"path": "/states/terraform.one.tfstate"}},
        "by_hand": {"backend": "local", "config": {"path": "/states/terraform.two.tfstate"}},
    }
    # A person's own Terraform project, in a shell that has the environment of the deployment.
    assert subprocess.check_output(arguments, cwd=tmp_path, env=env, text=True) == "init -upgrade\n"
    assert list(tmp_path.glob("*.tf.json")) == []
