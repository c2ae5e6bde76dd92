"""Two small apps: one of three things, and one of an image and its function. They are built without a network."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import plain_app

STEP = "the step begins"
_MAIN = """
import json, os
from pathlib import Path

trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
role = {"name": "NAME", "assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": [trust]})}
resources = {"aws_ecr_repository": {"name": "NAME", "force_delete": True}, "aws_iam_role": role}
document = {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "6.25.0"}}},
    "provider": {"aws": [{"region": "eu-central-1"}]},
}
MORE
synth({"NAME": {**document, "resource": {name: {"this": arguments} for name, arguments in resources.items()}}})
"""
_THREE = """
days = json.loads(Path("cdktf.json").read_text())["context"]["days"]
resources["aws_cloudwatch_log_group"] = {"name": "NAME", "retention_in_days": days}
document["output"] = {"days": {"value": "${aws_cloudwatch_log_group.this.retention_in_days}"}}
"""
_IMAGED = """
cloud, token = os.environ["IMAGED_CLOUD"], "ephemeral.aws_ecr_authorization_token.this"
registry = cloud.removeprefix("http://")
document["terraform"]["required_providers"]["docker"] = {"source": "kreuzwerker/docker", "version": "4.5.0"}
document["ephemeral"] = {"aws_ecr_authorization_token": {"this": {}}}
login = {"address": cloud, "username": f"${{{token}.user_name}}", "password": f"${{{token}.password}}"}
document["provider"]["docker"] = [{"registry_auth": [login]}]
build = {
    "context": str(Path("image").resolve()), "dockerfile": "Containerfile", "platform": "linux/ARCHITECTURE",
    "provenance": "false", "sbom": "false", "build_log_file": "build.log",
}
resources["docker_registry_image"] = {
    "name": f"{registry}/${{aws_ecr_repository.this.name}}:1", "keep_remotely": True, "build": [build],
}
resources["aws_lambda_function"] = {
    "function_name": "NAME", "package_type": "Image", "role": "${aws_iam_role.this.arn}",
    "image_uri": f"{registry}/NAME@${{docker_registry_image.this.sha256_digest}}",
}
"""
# The step takes longer than it takes to see it begin; another text each time, so that it is not in the build's cache.
_CONTAINERFILE = f"""\
FROM BASE
COPY unique /
RUN ["python3", "-c", "import time; print('{STEP}', flush=True); time.sleep(2)"]
"""


def three(days: int = 3) -> dict[str, str]:
    """The files of an app with a repository, a log group that keeps its logs for `days`, and a role."""
    return _files("three", _THREE, days=days)


def imaged(base: str, architecture: str) -> dict[str, str]:
    """The files of an app whose image is built on `base`."""
    files = _files("imaged", _IMAGED.replace("ARCHITECTURE", architecture), architecture=architecture)
    files["pyproject.toml"] += '[tool.cdktf-harness.local]\nIMAGED_CLOUD = "{cloud}"\n'
    return {**files, "image/Containerfile": _CONTAINERFILE.replace("BASE", base), "image/unique": uuid4().hex}


def _files(name: str, more: str, **context: Any) -> dict[str, str]:
    return plain_app.files(_MAIN.replace("MORE", more).replace("NAME", name), name, **context)
