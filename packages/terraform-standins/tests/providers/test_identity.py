"""The data sources for account, region and partition."""

from __future__ import annotations

import json

from .workspace import Workspace


def test_where_one_is(workspace: Workspace) -> None:
    """They have the real provider's values."""
    workspace.apply(
        data={
            "aws_caller_identity": {"this": {}},
            "aws_region": {"this": {}, "other": {"endpoint": "ec2.cn-north-1.amazonaws.com.cn"}},
            "aws_partition": {"this": {}},
        },
        output={
            "all": {
                "value": [
                    "${data.aws_caller_identity.this}",
                    "${data.aws_region.this}",
                    "${data.aws_region.other.description}",
                    "${data.aws_partition.this}",
                ]
            }
        },
    )
    identity, region, other, partition = json.loads(workspace.run("output", "-json", "all"))
    assert identity == {
        "account_id": "000000000000",
        "arn": "arn:aws:iam::000000000000:root",
        "id": "000000000000",
        "user_id": "000000000000",
    }
    assert region == {
        "description": "Europe (Frankfurt)",
        "endpoint": "ec2.eu-central-1.amazonaws.com",
        "id": "eu-central-1",
        "name": "eu-central-1",
        "region": "eu-central-1",
    }
    assert other == "China (Beijing)"
    assert partition == {
        "dns_suffix": "amazonaws.com",
        "id": "aws",
        "partition": "aws",
        "reverse_dns_prefix": "com.amazonaws",
    }
    workspace.write(data={"aws_region": {"this": {"endpoint": "ec2.nowhere.example"}}})
    assert "Error: reading Region" in workspace.fails("plan")
