"""Resource identities: which types have one, its values, and imports by it."""

from __future__ import annotations

import json
from typing import Any

from .workspace import Workspace

PLACE = {"account_id": "000000000000", "region": "eu-central-1"}
ROLE = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
POLICY = json.dumps({"Statement": [{"Effect": "Deny", "Action": "sqs:*", "Principal": "*", "Resource": "*"}]})
TRUST = json.dumps(
    {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}
)


def identities(workspace: Workspace) -> dict[str, Any]:
    """The identities in `terraform show -json`, by address."""
    state = json.loads(workspace.run("show", "-json"))
    resources = state["values"]["root_module"]["resources"]
    assert {resource.get("identity_schema_version", 0) for resource in resources} == {0}
    return {resource["address"]: resource.get("identity") for resource in resources}


def resources() -> dict[str, Any]:
    """Types with and without a region, with several attributes, with an ARN, and without an identity."""
    return {
        "aws_cloudwatch_log_group": {"this": {"name": "/g"}},
        "aws_cloudwatch_dashboard": {"this": {"dashboard_name": "d", "dashboard_body": "{}"}},
        "aws_iam_role": {"this": {"name": "r", "assume_role_policy": TRUST}},
        "aws_iam_role_policy_attachment": {"this": {"role": "${aws_iam_role.this.name}", "policy_arn": ROLE}},
        "aws_s3_bucket": {"this": {"bucket": "identified"}},
        "aws_s3_bucket_versioning": {
            "this": {"bucket": "${aws_s3_bucket.this.id}", "versioning_configuration": {"status": "Enabled"}}
        },
        "aws_s3_bucket_public_access_block": {"this": {"bucket": "${aws_s3_bucket.this.id}"}},
        "aws_sqs_queue": {"this": {"name": "q"}},
        "aws_sqs_queue_policy": {"this": {"queue_url": "${aws_sqs_queue.this.url}", "policy": POLICY}},
    }


def test_the_state_has_them(workspace: Workspace) -> None:
    """After a create, a refresh and a change; also for an old state without identities."""
    workspace.apply(resource=resources())
    url = workspace.state("aws_sqs_queue.this")["url"]
    expected = {
        "aws_cloudwatch_log_group.this": {"name": "/g", **PLACE},
        "aws_cloudwatch_dashboard.this": None,
        "aws_iam_role.this": {"name": "r", "account_id": PLACE["account_id"]},
        "aws_iam_role_policy_attachment.this": {"role": "r", "policy_arn": ROLE, "account_id": PLACE["account_id"]},
        "aws_s3_bucket.this": {"bucket": "identified", **PLACE},
        "aws_s3_bucket_versioning.this": {"bucket": "identified", "expected_bucket_owner": None, **PLACE},
        "aws_s3_bucket_public_access_block.this": {"bucket": "identified", **PLACE},
        "aws_sqs_queue.this": {"url": url},
        "aws_sqs_queue_policy.this": {"queue_url": url},
    }
    assert identities(workspace) == expected
    assert workspace.plan() == {}
    file = workspace.folder / "terraform.tfstate"
    state = json.loads(file.read_text())
    for resource in state["resources"]:
        resource["instances"][0].pop("identity", None)
        resource["instances"][0].pop("identity_schema_version", None)
    file.write_text(json.dumps(state))
    changed = resources()
    changed["aws_sqs_queue"]["this"]["delay_seconds"] = 1
    workspace.apply(resource=changed)
    assert identities(workspace) == expected
    changed["aws_cloudwatch_log_group"]["this"]["name"] = "/h"
    workspace.apply(resource=changed)
    assert identities(workspace)["aws_cloudwatch_log_group.this"] == {"name": "/h", **PLACE}


def test_import(workspace: Workspace) -> None:
    """Import by an identity instead of an id."""
    workspace.apply(resource=resources())
    found = {address: identity for address, identity in identities(workspace).items() if identity}
    (workspace.folder / "terraform.tfstate").unlink()
    given = {address: {name: value for name, value in identity.items() if value} for address, identity in found.items()}
    workspace.write(
        resource=resources(), **{"import": [{"to": address, "identity": i} for address, i in given.items()]}
    )
    assert {address: set(change["actions"]) for address, change in workspace.plan().items()} == {
        "aws_cloudwatch_dashboard.this": {"create"},
        "aws_s3_bucket.this": {"update"},
    }
    workspace.apply()
    assert {address: identity for address, identity in identities(workspace).items() if identity} == found
