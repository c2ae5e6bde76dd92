"""Functions and their versions."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from .workspace import Workspace

Aws = Callable[[str], Any]
Config = dict[str, Any]
FUNCTION = "aws_lambda_function.this"
IMAGE = "000000000000.dkr.ecr.eu-central-1.amazonaws.com/life@sha256:"
# Any ARN is valid: the embedded cloud does not check the role's permissions.
ROLE = "arn:aws:iam::000000000000:role/life"


@pytest.fixture
def resources() -> Config:
    """A function from an image and its alias, for the test to change."""
    return {
        "aws_lambda_function": {
            "this": {
                "function_name": "life",
                "package_type": "Image",
                "image_uri": IMAGE + "1" * 64,
                "architectures": ["arm64"],
                "role": ROLE,
                "publish": True,
                "environment": {"variables": {"A": "b"}},
                "tracing_config": {"mode": "Active"},
                "logging_config": {"log_format": "JSON", "log_group": "/life"},
            }
        },
        "aws_lambda_alias": {
            "this": {
                "name": "live",
                "function_name": "${aws_lambda_function.this.function_name}",
                "function_version": "${aws_lambda_function.this.version}",
            }
        },
    }


def test_code_and_configuration_at_once(workspace: Workspace, resources: Config, aws: Aws) -> None:
    """A change of both is one new version with both, and the alias points at it."""
    workspace.apply(resource=resources)
    resources["aws_lambda_function"]["this"].update(
        image_uri=IMAGE + "2" * 64, memory_size=256, environment={"variables": {"C": "d"}}
    )
    workspace.converge(resource=resources)
    client = aws("lambda")
    versions = client.list_versions_by_function(FunctionName="life")["Versions"]
    assert [version["Version"] for version in versions] == ["$LATEST", "1", "2"]
    live = client.get_function(FunctionName="life", Qualifier="live")
    assert live["Configuration"]["Version"] == "2"
    assert live["Configuration"]["MemorySize"] == 256
    assert live["Configuration"]["Environment"] == {"Variables": {"C": "d"}}
    assert live["Code"]["ImageUri"] == IMAGE + "2" * 64


def test_blocks_come_and_go(workspace: Workspace, resources: Config, aws: Aws) -> None:
    """A block's arguments are set and removed; an empty block is no change; a new log format resets the levels."""
    function = resources["aws_lambda_function"]["this"]
    function.update(
        image_config={"command": ["app.handler"]},
        ephemeral_storage={"size": 1024},
        logging_config={"log_format": "JSON", "application_log_level": "DEBUG"},
        reserved_concurrent_executions=5,
        description="d",
    )
    workspace.converge(resource=resources)
    for gone in ("image_config", "environment", "description", "reserved_concurrent_executions"):
        del function[gone]
    function.update(logging_config={"log_format": "Text"}, tracing_config={"mode": "PassThrough"})
    workspace.converge(resource=resources)
    configuration = aws("lambda").get_function(FunctionName="life")["Configuration"]
    assert configuration["LoggingConfig"] == {"LogFormat": "Text"}  # no level
    assert configuration["TracingConfig"] == {"Mode": "PassThrough"}
    assert configuration["EphemeralStorage"] == {"Size": 1024}
    assert not configuration.get("Environment", {}).get("Variables")
    function["environment"] = {}
    assert workspace.plan(resource=resources) == {}


def test_from_a_file(workspace: Workspace, aws: Aws) -> None:
    """Code may be a zip file next to the configuration; a new hash uploads it again."""

    def package(text: str) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("app.py", text)
        (workspace.folder / "code.zip").write_bytes(buffer.getvalue())

    function = {"function_name": "life", "filename": "code.zip", "handler": "app.handler", "role": ROLE}
    workspace.write(resource={"aws_lambda_function": {"this": function}})
    assert "handler and runtime must be set when PackageType is Zip" in workspace.fails("plan")
    function.update(runtime="python3.13", source_code_hash="1")
    workspace.write(resource={"aws_lambda_function": {"this": function}})
    package("x")
    workspace.apply()
    before = aws("lambda").get_function(FunctionName="life")["Configuration"]["CodeSha256"]
    package("y")
    assert workspace.plan() == {}
    workspace.converge(resource={"aws_lambda_function": {"this": {**function, "source_code_hash": "2"}}})
    after = aws("lambda").get_function(FunctionName="life")["Configuration"]["CodeSha256"]
    assert before != after == workspace.state(FUNCTION)["code_sha256"]
    # Only what sends the code reads the file.
    (workspace.folder / "code.zip").unlink()
    assert workspace.plan() == {}
    workspace.run("destroy", "-auto-approve")
