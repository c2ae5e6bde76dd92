"""Create, change and destroy a resource of each type that the embedded cloud keeps as a record."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from terraform_standins.aws.services import bundled_types

from .records import CHANGES, DATA, RECORDS, REQUIRED
from .workspace import Workspace

# The embedded cloud does not change the tags of a provider.
TAGS_STAY = {"aws_iam_openid_connect_provider"}


def test_records(workspace: Workspace) -> None:
    """The plans after the creation and after the changes are empty, with default tags, too; changes are in place."""
    provider = {"aws": {"default_tags": [{"tags": {"Project": "a"}}]}}
    data = {type_: {"this": arguments} for type_, arguments in DATA.items()}
    blocks = {type_.type_name: type_().schema.block for type_ in bundled_types() if type_.kind == "resource"}
    tagged = {type_ for type_ in RECORDS if "tags" in blocks[type_].attributes} - TAGS_STAY
    resources = {}
    for type_, arguments in RECORDS.items():
        required = {name for name, attribute in blocks[type_].attributes.items() if attribute.required}
        tags = {"tags": {"Name": "a"}} if type_ in tagged else {}
        resources[type_] = {
            "this": {**{name: REQUIRED[name] for name in required & REQUIRED.keys()}, **tags, **arguments}
        }
    workspace.converge(provider=provider, data=data, resource=resources)
    for type_, one in resources.items():
        one["this"] |= {**CHANGES.get(type_, {}), **({"tags": {"Name": "b"}} if type_ in tagged else {})}
    changed = {f"{type_}.this": ["update"] for type_ in tagged | CHANGES.keys()}
    planned = workspace.actions("-refresh=false", provider=provider, data=data, resource=resources)
    assert {address: actions for address, actions in planned.items() if not address.startswith("data.")} == changed
    workspace.run("apply", "plan")
    assert workspace.plan() == {}
    # A cluster keeps its endpoint when an instance joins it, and the default stage is the API itself.
    assert workspace.state("aws_rds_cluster.this")["endpoint"].startswith("a.cluster-")
    api = workspace.state("aws_apigatewayv2_api.this")["api_endpoint"]
    assert workspace.state("aws_apigatewayv2_stage.this")["invoke_url"] == f"{api}/"
    workspace.run("destroy", "-auto-approve", "-refresh=false")


def test_arguments_of_a_bucket_with_types_of_their_own(workspace: Workspace, aws: Callable[[str], Any]) -> None:
    """They are set, changed in place, and stay if they are removed from the configuration, as in the real provider."""
    read = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::inline/*"}
    bucket: dict[str, Any] = {
        "bucket": "inline",
        "versioning": {"enabled": True},
        "server_side_encryption_configuration": {
            "rule": {"apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms"}}
        },
        "website": {"index_document": "index.html", "error_document": "error.html"},
        "cors_rule": [{"allowed_methods": ["GET"], "allowed_origins": ["*"]}],
        "logging": {"target_bucket": "inline", "target_prefix": "logs/"},
        "policy": json.dumps({"Version": "2012-10-17", "Statement": [read]}, indent=1),
    }
    workspace.converge(resource={"aws_s3_bucket": {"this": bucket}})
    s3 = aws("s3")
    assert s3.get_bucket_website(Bucket="inline")["IndexDocument"] == {"Suffix": "index.html"}
    assert s3.get_bucket_versioning(Bucket="inline")["Status"] == "Enabled"
    assert s3.get_bucket_cors(Bucket="inline")["CORSRules"][0]["AllowedMethods"] == ["GET"]
    bucket |= {"website": {"index_document": "home.html"}, "versioning": {"enabled": False}}
    assert workspace.actions(resource={"aws_s3_bucket": {"this": bucket}}) == {"aws_s3_bucket.this": ["update"]}
    workspace.converge(resource={"aws_s3_bucket": {"this": bucket}})
    assert s3.get_bucket_website(Bucket="inline")["IndexDocument"] == {"Suffix": "home.html"}
    assert s3.get_bucket_versioning(Bucket="inline")["Status"] == "Suspended"
    workspace.converge(resource={"aws_s3_bucket": {"this": {"bucket": "inline"}}})
    # Terraform plans with the values of the state, of which an unset policy is "".
    ignored = {"bucket": "ignored", "lifecycle": {"ignore_changes": "all"}}
    workspace.converge(resource={"aws_s3_bucket": {"this": {"bucket": "inline"}, "ignored": ignored}})
    workspace.run("destroy", "-auto-approve")


def test_the_default_subnets_of_all_zones(workspace: Workspace) -> None:
    """us-east-1 has six of them, which apps name; another zone is in the error."""
    provider = {"aws": {"region": "us-east-1"}}
    subnets = {letter: {"availability_zone": f"us-east-1{letter}"} for letter in "abcdef"}
    zones = {"zones": {"value": '${join(" ", data.aws_availability_zones.this.names)}'}}
    data: dict[str, Any] = {"aws_availability_zones": {"this": {}}}
    workspace.converge(provider=provider, resource={"aws_default_subnet": subnets}, data=data, output=zones)
    assert workspace.run("output", "-raw", "zones").split()[::5] == ["us-east-1a", "us-east-1f"]
    workspace.run("destroy", "-auto-approve")
    wrong = {"aws_default_subnet": {"this": {"availability_zone": "us-east-1g"}}}
    error = workspace.fails("apply", "-auto-approve", provider=provider, resource=wrong)
    assert "no EC2 Default Subnet exists in us-east-1g" in error


def test_the_root_volume_of_an_instance(workspace: Workspace, aws: Callable[[str], Any]) -> None:
    """Its size is that of the configuration, also after a change, and a change behind Terraform's back is drift."""

    def resources(size: int) -> dict[str, Any]:
        config = {"ami": "${data.aws_ami.this.id}", "instance_type": "t3.micro"}
        return {"aws_instance": {"this": {**config, "root_block_device": {"volume_size": size}}}}

    data = {"aws_ami": {"this": DATA["aws_ami"]}}
    for size in (20, 30):
        workspace.converge(data=data, resource=resources(size))
        (volume,) = aws("ec2").describe_volumes()["Volumes"]
        assert volume["Size"] == size
    aws("ec2").modify_volume(VolumeId=volume["VolumeId"], Size=40)
    assert workspace.actions()["aws_instance.this"] == ["update"]
    workspace.run("destroy", "-auto-approve")
    assert aws("ec2").describe_volumes()["Volumes"] == []


def test_further_arguments_of_records(workspace: Workspace) -> None:
    """Of an endpoint, a mapping with a destination, a table with replicas, and a lifecycle rule without a filter.

    A cluster has nothing but a name.
    """
    role = {"name": "a", "assume_role_policy": RECORDS["aws_iam_role"]["assume_role_policy"]}
    endpoint = {"service_name": "com.amazonaws.eu-central-1.sqs", "vpc_endpoint_type": "Interface"}
    resource: dict[str, Any] = {
        "aws_default_vpc": {"this": {}},
        "aws_vpc_endpoint": {
            "this": {
                **endpoint,
                "vpc_id": "${aws_default_vpc.this.id}",
                "subnet_ids": "${data.aws_subnets.this.ids}",
                "security_group_ids": ["${aws_default_vpc.this.default_security_group_id}"],
                "private_dns_enabled": True,
            }
        },
        "aws_iam_role": {"this": role},
        "aws_lambda_function": {"this": {**RECORDS["aws_lambda_function"], "vpc_config": None}},
        "aws_kinesis_stream": {"this": {"name": "a", "shard_count": 1}},
        "aws_sqs_queue": {"this": {"name": "a"}},
        "aws_lambda_event_source_mapping": {
            "this": {
                "event_source_arn": "${aws_kinesis_stream.this.arn}",
                "function_name": "${aws_lambda_function.this.arn}",
                "starting_position": "LATEST",
                "destination_config": {"on_failure": {"destination_arn": "${aws_sqs_queue.this.arn}"}},
            }
        },
        "aws_dynamodb_table": {
            "this": {
                **RECORDS["aws_dynamodb_table"],
                "stream_enabled": True,
                "stream_view_type": "NEW_AND_OLD_IMAGES",
                "replica": [{"region_name": "us-east-1"}, {"region_name": "us-west-2", "point_in_time_recovery": True}],
            }
        },
        "aws_s3_bucket": {"this": {"bucket": "further"}},
        "aws_ecs_cluster": {"this": {"name": "nothing-but-a-name"}},
        "aws_s3_bucket_lifecycle_configuration": {
            "this": {
                "bucket": "${aws_s3_bucket.this.id}",
                "rule": [{"id": "a", "status": "Enabled", "expiration": [{"days": 30}]}],
            }
        },
    }
    workspace.converge(data={"aws_subnets": {"this": {}}}, resource=resource)
    mapping = workspace.state("aws_lambda_event_source_mapping.this")
    assert mapping["destination_config"][0]["on_failure"][0]["destination_arn"].endswith(":a")
    del resource["aws_vpc_endpoint"]["this"]["security_group_ids"]
    resource["aws_vpc_endpoint"]["this"]["private_dns_enabled"] = False
    del resource["aws_dynamodb_table"]["this"]["replica"][0]
    workspace.converge(data={"aws_subnets": {"this": {}}}, resource=resource)
    workspace.run("destroy", "-auto-approve")


@pytest.mark.usefixtures("workspace")  # which empties the cloud
def test_tags_are_those_of_the_creation_and_of_later_changes(aws: Callable[[str], Any]) -> None:
    """Of streams, trails and clusters."""
    kinesis, trails, eks = aws("kinesis"), aws("cloudtrail"), aws("eks")
    kinesis.create_stream(StreamName="a", ShardCount=1, Tags={"a": "b"})
    assert kinesis.list_tags_for_stream(StreamName="a")["Tags"] == [{"Key": "a", "Value": "b"}]
    tags = [{"Key": "a", "Value": "b"}]
    trail = trails.create_trail(Name="abc", S3BucketName="trails", TagsList=tags)["TrailARN"]
    assert trails.list_tags(ResourceIdList=[trail])["ResourceTagList"][0]["TagsList"] == tags
    cluster = eks.create_cluster(
        name="a", roleArn="arn:aws:iam::000000000000:role/a", resourcesVpcConfig={}, tags={"a": "b", "c": "d"}
    )["cluster"]
    eks.tag_resource(resourceArn=cluster["arn"], tags={"a": "e"})
    eks.untag_resource(resourceArn=cluster["arn"], tagKeys=["c"])
    assert eks.describe_cluster(name="a")["cluster"]["tags"] == {"a": "e"}


def test_origin_access_identities_are_listed(aws: Callable[[str], Any]) -> None:
    """With their comments."""
    client = aws("cloudfront")
    config = {"CallerReference": "a", "Comment": "listed"}
    made = client.create_cloud_front_origin_access_identity(CloudFrontOriginAccessIdentityConfig=config)
    (found,) = client.list_cloud_front_origin_access_identities()["CloudFrontOriginAccessIdentityList"]["Items"]
    assert (found["Id"], found["Comment"]) == (made["CloudFrontOriginAccessIdentity"]["Id"], "listed")
    client.delete_cloud_front_origin_access_identity(Id=found["Id"], IfMatch=made["ETag"])
