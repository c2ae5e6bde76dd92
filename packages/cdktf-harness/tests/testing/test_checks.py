"""The fixture `checks` and the command `check`: findings with places, suppressions beside constructs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import TinyProject

ENVIRONMENT = Path(__file__).parents[4] / ".venv-checks"
TOPICS = ("public", "own", "waived", "stale", "mute")
WIDE = ("ssh", "table", "text", "encoded", "document")
APP = """
from cdktf import Fn, TerraformDataSource, Token
topics = stack(app, "topics")
public = Resource(topics, "public", "aws_sns_topic", name="public")
some = public.get_string_attribute("arn")
Resource(topics, "own", "aws_sns_topic", name="own", kms_master_key_id=some)
# checkov:skip=CKV_AWS_26: nothing secret
Resource(topics, "waived", "aws_sns_topic", name="waived")
Resource(topics, "stale", "aws_sns_topic", name="x", kms_master_key_id="alias/x")  # checkov:skip=CKV_AWS_26: it was
Resource(topics, "mute", "aws_sns_topic", name="mute")  # checkov:skip=CKV_AWS_26
# CDKTF's bindings write it for each argument of a block that is not set.
null = Token.null_value()
rule = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"], "prefix_list_ids": null}
Resource(topics, "ssh", "aws_security_group", ingress=[rule])
Resource(topics, "table", "aws_dynamodb_table", server_side_encryption={"enabled": True, "kms_key_arn": null})
wide = {"Statement": [{"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "*"}]}
Resource(topics, "text", "aws_iam_policy", policy=json.dumps(wide))
Resource(topics, "encoded", "aws_iam_role_policy", policy=Fn.jsonencode(wide))
document = TerraformDataSource(topics, "document", terraform_resource_type="aws_iam_policy_document")
document.add_override("statement", [{"actions": ["s3:PutObject"], "resources": ["*"], "condition": null}])
app.synth()
"""
CONTAINERFILE = """
ARG BASE=docker.io/library/debian
# checkov:skip=CKV_DOCKER_2: no health checks
FROM ${BASE} AS one
USER 1
"""


@pytest.mark.slow
@pytest.mark.skipif(not ENVIRONMENT.exists(), reason="no checkov here: `make check` installs it")
def test_findings_have_places(project: TinyProject) -> None:
    """One run shows a finding, a suppression, and comments to remove."""
    project.edit("app.synth()\n", APP)
    (project.root / "Containerfile").write_text(CONTAINERFILE)
    table = project.root / "pyproject.toml"
    table.write_text(
        f'[tool.cdktf-harness]\nstacks = ["logs", "access", "topics"]\ncheckov = "{ENVIRONMENT}"\n'
        'containerfiles = ["Containerfile"]\n'
    )
    lines = (project.root / "main.py").read_text().splitlines()
    # What is at the line that contains a topic's id.
    at = {
        name: f"main.py:{index}:"
        for index, line in enumerate(lines, 1)
        for name in (*TOPICS, *WIDE)
        if f'"{name}"' in line
    }
    program = str(Path(sys.executable).with_name("cdktf-harness"))
    done = subprocess.run([program, "check"], cwd=project.root, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    found = [line for line in done.stdout.splitlines() if "CKV_AWS_26" in line or "CKV_DOCKER" in line]
    check = "CKV_AWS_26 Ensure all data stored in the SNS topic is encrypted"
    latest = "CKV_DOCKER_7 Ensure the base image uses a non latest version tag"
    advice = "or write `# checkov:skip={}: REASON` above that line".format
    assert found == [
        f"Containerfile:4: {latest}; fix that, {advice('CKV_DOCKER_7')}",
        f"{at['public']} topics/public: {check}; set `kms_master_key_id`, {advice('CKV_AWS_26')}",
        f"{at['mute']} topics/mute: {check}; set `kms_master_key_id`, {advice('CKV_AWS_26')}",
        f"{at['stale']} checkov:skip=CKV_AWS_26 suppresses nothing: the check passes there or does not exist; remove "
        "the comment",
        f"{at['mute']} checkov:skip=CKV_AWS_26 has no reason; write `# checkov:skip=CKV_AWS_26: REASON`",
    ]
    assert set(re.findall(r"^(\S+) topics/\w+: CKV_AWS_(24|111|119|290) .*; set", done.stdout, re.M)) == {
        (at["ssh"], "24"),
        (at["table"], "119"),
        (at["text"], "290"),
        (at["encoded"], "290"),
        (at["document"], "111"),
    }


def test_the_fixture_is_skipped_without_checkov(project: TinyProject) -> None:
    """The reason says how to install checkov's environment."""
    run = project.run("def test_clean(checks): checks().assert_clean()\n", "-rs")
    assert run.code == 0
    run.shows("1 skipped", "no checkov in .venv-checks: run `python3 -m venv .venv-checks && ")
