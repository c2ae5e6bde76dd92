"""What cannot work is refused before anything is deployed: one line that says what to do, and an exit code."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from http_server import Response, serving

from cdktf_harness.cloud import Cloud
from cdktf_harness.project.project import find
from cdktf_harness.system.errors import HarnessError
from terraform_standins.protocol import tls

from .conftest import TABLE, harness

KEYS = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
EMBEDDED = {**KEYS, "AWS_ACCESS_KEY_ID": "LOCALAAAAAAAAAAAAAAA"}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("cdktf.json", None, "no cdktf.json in"),
        ("cdktf.json", "{", "cdktf.json is not JSON: "),
        ("pyproject.toml", None, "describe the app there, in [tool.cdktf-harness]"),
        ("pyproject.toml", "[", "is not TOML: "),
        ("cdktf.json", "[1]", "cdktf.json is [1]; it must be an object"),
        ("cdktf.json", "{}", "cdktf.json does not say how to run the app: `app` must be a command"),
        ("cdktf.json", '{"app": "x", "context": "y"}', 'cdktf.json: `context` is "y"; it must be an object'),
        ("pyproject.toml", "tool = 1", "`tool` is 1; [tool.cdktf-harness] must be a table"),
        ("pyproject.toml", '[tool.cdktf-harness]\nstacks = "api"', '`stacks` is "api"; it must be a list of strings'),
        ("pyproject.toml", TABLE + "types = [1]", "`types` is [1]; it must be a list of strings"),
        ("pyproject.toml", TABLE + "local = {A = 1}", '`local` is {"A": 1}; it must be a table of strings'),
        ("pyproject.toml", TABLE + "root = 'x'", "`root` is 'x'; it must be a folder with the app in it"),
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


UP = "`cdktf-harness up`"
NONE = {"AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": ""}


@pytest.mark.parametrize(
    ("command", "env", "says"),
    [
        ("get", {}, f"nothing is deployed; {UP} does it"),
        # Terraform's state, which may be in AWS, knows what another machine deployed.
        ("aws get", NONE, "no usable AWS credentials"),
        ("env", {}, f"nothing is up; {UP} brings it up"),
        ("diff", {}, f"nothing is up; {UP} brings it up"),
        ("up", {"TMPDIR": "/nosuch"}, "/nosuch is not a directory: fix TMPDIR, or unset it"),
        ("up", {"PROVIDERS": "other"}, "PROVIDERS=other: it must be auto, bundled or registry"),
        ("aws status", {"PROVIDERS": "other"}, "PROVIDERS=other: it must be auto, bundled or registry"),
        ("up", {"TERRAFORM_BINARY_NAME": "nosuch"}, "TERRAFORM_BINARY_NAME=nosuch: there is no such program"),
        ("aws up", NONE, "no usable AWS credentials"),
        ("aws up", {"AWS_PROFILE": "nosuch"}, "no usable AWS credentials (The config profile (nosuch)"),
        ("aws up", {**KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "AWS does not answer (Could"),
        ("aws up", {**KEYS, "PROVIDERS": "bundled"}, "PROVIDERS=bundled: the bundled providers are"),
        # With a key that AWS has not; nothing listens there.
        ("aws up", {**EMBEDDED, "PROVIDERS": "bundled", "HTTPS_PROXY": "http://127.0.0.1:9"}, "AWS does not answer ("),
    ],
)
def test_a_command_that_cannot_work(project: Path, command: str, env: dict[str, str], says: str) -> None:
    """The last line says what is missing."""
    done = harness(project, *command.split(), **env)
    assert (done.returncode, done.stderr.splitlines()[-1].startswith(f"error: {says}")) == (1, True), done.stderr


def test_a_proxy_with_its_own_certificate_is_reported(project: Path, tmp_path: Path) -> None:
    """The error names the variables that the programs of a deployment read."""
    pem = tls.create()
    (tmp_path / "pem").write_bytes(pem.key + pem.certificate)
    with serving(lambda _: Response(), tmp_path / "pem") as port:
        done = harness(project, "aws", "up", **KEYS, AWS_ENDPOINT_URL=f"https://localhost:{port}")
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert line.startswith("error: AWS's certificate is not trusted (SSL validation failed")
    assert line.endswith("set AWS_CA_BUNDLE and SSL_CERT_FILE to a file with its CA")


def test_what_a_command_left_that_could_not_work_is_removed(project: Path) -> None:
    """By `down`."""
    up = harness(project, "up", TERRAFORM_BINARY_NAME="nosuch")
    assert (up.returncode, up.stdout) == (1, "")
    assert (project / ".cdktf-harness").exists()
    assert harness(project, "down").returncode == 0
    assert not (project / ".cdktf-harness").exists()


@pytest.mark.parametrize(("family", "loopback"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_port_that_is_taken_is_named(tmp_path: Path, family: socket.AddressFamily, loopback: str) -> None:
    """A cloud keeps its port; if another program has taken it, the error names the port."""
    if family == socket.AF_INET6 and not Path("/proc/net/if_inet6").exists():
        pytest.skip("needs IPv6")
    with socket.socket(family) as other:
        other.bind((loopback, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(HarnessError, match=f"port {port} of the embedded cloud is taken"):
            Cloud(tmp_path).start(port=port)
