"""The other forms of the catalogue's types: FIFO, generated names, provisioned tables, locked buckets."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from .catalogue import ACCOUNT
from .workspace import Workspace, imports

Aws = Callable[[str], Any]
Config = dict[str, Any]
LOG_GROUP = "aws_cloudwatch_log_group.this"
RESOURCES: Config = {
    "aws_sns_topic": {
        "fifo": {"name_prefix": "v-", "fifo_topic": True, "content_based_deduplication": True},
        "hooks": {
            "name": "hooks",
            "policy": '{"Statement": [{"Action": "sns:Publish", "Effect": "Allow", "Principal": "*"}], "Id": "own"}',
        },
    },
    "aws_sns_topic_subscription": {
        "queue": {
            "topic_arn": "${aws_sns_topic.fifo.arn}",
            "protocol": "sqs",
            "endpoint": "${aws_sqs_queue.fifo.arn}",
            "filter_policy": '{"kind": ["a"]}',
            "redrive_policy": '{"deadLetterTargetArn": "${aws_sqs_queue.dead.arn}"}',
        },
        "http": {"topic_arn": "${aws_sns_topic.hooks.arn}", "protocol": "https", "endpoint": "https://127.0.0.1:9/"},
    },
    "aws_sqs_queue": {
        "fifo": {
            "name_prefix": "v-",
            "fifo_queue": True,
            "content_based_deduplication": True,
            "deduplication_scope": "messageGroup",
            "fifo_throughput_limit": "perMessageGroupId",
            "redrive_policy": '{"maxReceiveCount": 4, "deadLetterTargetArn": "${aws_sqs_queue.dead.arn}"}',
        },
        "dead": {"name": "dead.fifo", "fifo_queue": True, "sqs_managed_sse_enabled": True},
    },
    "aws_ssm_parameter": {
        "shown": {"name": "shown", "type": "StringList", "insecure_value": "a,b"},
        "advanced": {"name": "advanced", "type": "String", "value": "x", "tier": "Advanced", "allowed_pattern": "^x"},
        "written_over": {"name": "there", "type": "String", "value": "x", "overwrite": True, "tags": {"a": "b"}},
    },
    "aws_s3_bucket": {
        "generated": {"bucket_prefix": "v-", "force_destroy": True},
        "locked": {"bucket": "v-locked", "object_lock_enabled": True},
    },
    "aws_s3_bucket_versioning": {
        "generated": {
            "bucket": "${aws_s3_bucket.generated.bucket}",
            "versioning_configuration": {"status": "Enabled"},
        }
    },
    "aws_dynamodb_table": {
        "provisioned": {
            "name": "provisioned",
            "hash_key": "id",
            "read_capacity": 2,
            "write_capacity": 1,
            "attribute": [{"name": name, "type": "S"} for name in ("id", "a")],
            "global_secondary_index": [
                {"name": "one", "hash_key": "a", "projection_type": "ALL", "read_capacity": 1, "write_capacity": 1}
            ],
        },
        "limited": {
            "name": "limited",
            "hash_key": "id",
            "billing_mode": "PAY_PER_REQUEST",
            "attribute": {"name": "id", "type": "N"},
            "on_demand_throughput": {"max_read_request_units": 5, "max_write_request_units": 6},
            "server_side_encryption": {"enabled": False},
        },
    },
    "aws_lambda_function": {
        "this": {
            "function_name": "variants",
            "package_type": "Image",
            "image_uri": f"{ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/v@sha256:{'1' * 64}",
            "role": f"arn:aws:iam::{ACCOUNT}:role/v",
        }
    },
    "aws_lambda_function_event_invoke_config": {"this": {"function_name": "${aws_lambda_function.this.arn}"}},
}


def test_variants(workspace: Workspace, aws: Aws) -> None:
    """Create them, an empty plan, their specific changes, and a destroy that leaves nothing."""
    resources = deepcopy(RESOURCES)
    aws("ssm").put_parameter(Name="there", Value="before", Type="String")
    workspace.converge(resource=resources)
    topic = workspace.state("aws_sns_topic.fifo")
    assert topic["name"].endswith(".fifo")
    assert topic["name_prefix"] == "v-"
    assert workspace.state("aws_ssm_parameter.shown")["insecure_value"] == "a,b"
    assert workspace.state("aws_s3_bucket.generated")["bucket_prefix"] == "v-"
    assert workspace.state("aws_s3_bucket.locked")["object_lock_enabled"] is True
    function = workspace.state("aws_lambda_function.this")["arn"]
    assert workspace.state("aws_lambda_function_event_invoke_config.this")["id"] == function

    bucket = workspace.state("aws_s3_bucket.generated")["id"]
    for body in (b"1", b"2"):
        aws("s3").put_object(Bucket=bucket, Key="object", Body=body)
    aws("s3").delete_object(Bucket=bucket, Key="object")
    (index,) = resources["aws_dynamodb_table"]["provisioned"]["global_secondary_index"]
    index.update(projection_type="KEYS_ONLY", read_capacity=3)
    resources["aws_dynamodb_table"]["provisioned"]["read_capacity"] = 5
    del resources["aws_dynamodb_table"]["limited"]["on_demand_throughput"]
    resources["aws_ssm_parameter"]["advanced"]["tier"] = "Standard"
    resources["aws_ssm_parameter"]["shown"]["insecure_value"] = "c"
    queue = resources["aws_sqs_queue"]["fifo"]
    queue["redrive_policy"] = queue["redrive_policy"].replace(": 4", ": 5")
    del resources["aws_sns_topic_subscription"]["queue"]["filter_policy"]
    plan = workspace.plan(resource=resources)
    assert {address: change["actions"] for address, change in plan.items()} == {
        "aws_dynamodb_table.provisioned": ["update"],
        "aws_dynamodb_table.limited": ["update"],
        "aws_ssm_parameter.advanced": ["delete", "create"],
        "aws_ssm_parameter.shown": ["update"],
        "aws_sqs_queue.fifo": ["update"],
        "aws_sns_topic_subscription.queue": ["update"],
    }
    workspace.run("apply", "plan")
    assert workspace.plan() == {}

    event_config = "aws_lambda_function_event_invoke_config.this"
    workspace.run("state", "rm", event_config)
    assert workspace.plan(resource=resources, **imports({event_config: function})) == {}

    workspace.run("destroy", "-auto-approve")
    assert aws("s3").list_buckets()["Buckets"] == []
    assert aws("sns").list_topics()["Topics"] == []
    assert aws("sqs").list_queues().get("QueueUrls", []) == []
    assert aws("dynamodb").list_tables()["TableNames"] == []
    assert aws("ssm").describe_parameters()["Parameters"] == []


def test_skip_destroy_and_import(workspace: Workspace, aws: Aws) -> None:
    """With skip_destroy a destroy keeps the group; it can be imported again by its name."""
    workspace.write(resource={"aws_cloudwatch_log_group": {"this": {"name_prefix": "kept-", "skip_destroy": True}}})
    workspace.apply()
    name = workspace.state(LOG_GROUP)["name"]
    assert (name[:5], len(name)) == ("kept-", 31)
    workspace.run("destroy", "-auto-approve")
    assert [group["logGroupName"] for group in aws("logs").describe_log_groups()["logGroups"]] == [name]
    workspace.run("import", LOG_GROUP, name)
    assert workspace.state(LOG_GROUP)["name_prefix"] == "kept-"
    assert workspace.plan()[LOG_GROUP]["after"]["skip_destroy"] is True
