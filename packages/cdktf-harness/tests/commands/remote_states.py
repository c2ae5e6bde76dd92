"""An app with remote backends, and a server for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from http_server import Request, Response, serving

# Each has another kind of backend; two read the state of the first. The first also reads that of another app.
APP = """
import os
from cdktf import App, CloudBackend, HttpBackend, NamedCloudWorkspace, S3Backend, TerraformStack

elsewhere = os.environ["ELSEWHERE"]
app = App()
first, second, third = (TerraformStack(app, name) for name in ("first", "second", "third"))
HttpBackend(first, address=elsewhere + "/state", lock_address=elsewhere + "/state", username="u", password="p")
S3Backend(second, bucket="states", key="second", region="eu-central-1", endpoint=elsewhere, profile="real")
second.add_override("terraform.backend.s3.use_lockfile", True)
CloudBackend(third, organization="o", hostname="app.terraform.io", workspaces=NamedCloudWorkspace("third"))
first.add_override("resource.terraform_data.made", {"input": "one"})
first.add_override("output.made", {"value": "${terraform_data.made.output}"})
second.add_override("data.terraform_remote_state.first", {
    "backend": "http", "config": {"address": elsewhere + "/state", "username": "u", "password": "p"},
})
second.add_override("terraform.required_providers.aws", {"source": "hashicorp/aws", "version": "6.25.0"})
account = {"profile": "real", "access_key": "AKIAREAL", "secret_key": "real"}
second.add_override("provider.aws", [{"region": "eu-central-1", **account}])
second.add_override("resource.aws_cloudwatch_log_group.copy", {
    "name": "${data.terraform_remote_state.first.outputs.made}", "retention_in_days": 7,
})
second.add_dependency(first)
third.add_override("resource.terraform_data.other", {"input": "three"})
app.synth()
"""
TABLE = '[tool.cdktf-harness]\nstacks = ["first", "second", "third"]\n'


@contextmanager
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """A server that accepts any request; yield its URL and the requests: method, path and headers."""
    asked: list[str] = []

    def respond(request: Request) -> Response:
        asked.append(f"{request.method} {request.path}\n{request.headers}")
        return Response(b"{}")

    with serving(respond) as port:
        yield f"http://127.0.0.1:{port}", asked


def write_app(root: Path) -> None:
    """Make the app in the folder `root`."""
    (root / "cdktf.json").write_text('{"language": "python", "app": "python main.py", "projectId": "x"}')
    (root / "pyproject.toml").write_text(TABLE)
    (root / "main.py").write_text(APP)
