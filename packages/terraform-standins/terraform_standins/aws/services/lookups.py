"""Data sources that read what a resource type reads, found by one of its arguments."""

from __future__ import annotations

from typing import Any, ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..resource import AwsResource
from ..type import AwsData
from .acm import Certificate
from .dynamodb import Table
from .ec2_instance import Instance
from .ecr import Repository
from .eks import Cluster
from .elb import LoadBalancer
from .iam import Role
from .iam_policies import Policy, User
from .kms import Alias, Key
from .lambda_function import Function
from .logs import LogGroup
from .route53 import Zone
from .s3_bucket import Bucket
from .secrets import Secret
from .sns import Topic
from .sqs import Queue
from .ssm import Parameter


class Lookup(AwsData):
    """What `of` reads of a resource that has the argument `by`."""

    of: ClassVar[type[AwsResource]]
    by: ClassVar[str] = "name"

    def __init_subclass__(cls) -> None:
        cls.service = cls.of.service

    def found_id(self, aws: Aws, config: Values) -> str:
        """The import id of the resource."""
        return str(config[self.by])

    def only(self, found: list[Any]) -> Any:
        """The only one. Raises LookupError."""
        if len(found) != 1:
            raise LookupError(f"{'no' if not found else 'multiple'} matching {self.label} found")
        return found[0]

    def read(self, aws: Aws, config: Values) -> Values:
        """Read the resource. Raises LookupError if it does not exist."""
        resource = self.of()
        state = dict.fromkeys((*resource.schema.block.attributes, *resource.schema.block.blocks))
        state |= resource.from_import_id(self.found_id(aws, config))
        found = resource.refresh(aws, state)
        if found is None:
            raise LookupError(f"couldn't find {resource.label} with {self.by} {config[self.by]}")
        return {"id": state["id"], self.by: config[self.by], **found}


class RoleData(Lookup):
    type_name, label, of = "aws_iam_role", "IAM Role", Role


class BucketData(Lookup):
    type_name, label, of, by = "aws_s3_bucket", "S3 Bucket", Bucket, "bucket"


class FunctionData(Lookup):
    type_name, label, of, by = "aws_lambda_function", "Lambda Function", Function, "function_name"


class ParameterData(Lookup):
    type_name, label, of = "aws_ssm_parameter", "SSM Parameter", Parameter


class TopicData(Lookup):
    type_name, label, of = "aws_sns_topic", "SNS Topic", Topic

    def found_id(self, aws: Aws, config: Values) -> str:
        return f"arn:{aws.partition}:sns:{aws.region}:{aws.account_id}:{config['name']}"


class QueueData(Lookup):
    type_name, label, of = "aws_sqs_queue", "SQS Queue", Queue

    def found_id(self, aws: Aws, config: Values) -> str:
        return str(aws.client("sqs").get_queue_url(QueueName=config["name"])["QueueUrl"])


class SecretData(Lookup):
    type_name, label, of = "aws_secretsmanager_secret", "Secrets Manager Secret", Secret

    def found_id(self, aws: Aws, config: Values) -> str:
        return str(config["arn"] or aws.client("secretsmanager").describe_secret(SecretId=config["name"])["ARN"])


class SecretVersionData(AwsData):
    type_name, label = "aws_secretsmanager_secret_version", "Secrets Manager Secret Version"
    service, names = "secretsmanager", {"arn": "ARN"}

    def read(self, aws: Aws, config: Values) -> Values:
        of = {"VersionId": config["version_id"]} if config["version_id"] else {"VersionStage": config["version_stage"]}
        answer = self.client(aws).get_secret_value(SecretId=config["secret_id"], **of)
        id_ = f"{config['secret_id']}|{answer['VersionId']}"
        return {**self.values(aws, "GetSecretValueResponse", answer), "secret_id": config["secret_id"], "id": id_}


class ZoneData(Lookup):
    type_name, label, of, by = "aws_route53_zone", "Route 53 Hosted Zone", Zone, "name"

    def found_id(self, aws: Aws, config: Values) -> str:
        if config["zone_id"]:
            return str(config["zone_id"])
        name, private = f"{config['name'].removesuffix('.')}.", bool(config["private_zone"])
        pages = aws.client("route53").get_paginator("list_hosted_zones").paginate()
        zones = (one for page in pages for one in page["HostedZones"])
        found = [
            z["Id"].rpartition("/")[2] for z in zones if (z["Name"], z["Config"]["PrivateZone"]) == (name, private)
        ]
        return str(self.only(found))


class LogGroupData(Lookup):
    type_name, label, of = "aws_cloudwatch_log_group", "CloudWatch Logs Log Group", LogGroup


class TableData(Lookup):
    type_name, label, of = "aws_dynamodb_table", "DynamoDB Table", Table


class RepositoryData(Lookup):
    type_name, label, of = "aws_ecr_repository", "ECR Repository", Repository


class AliasData(Lookup):
    type_name, label, of = "aws_kms_alias", "KMS Alias", Alias


class UserData(Lookup):
    type_name, label, of, by = "aws_iam_user", "IAM User", User, "user_name"


class ClusterData(Lookup):
    type_name, label, of = "aws_eks_cluster", "EKS Cluster", Cluster


class InstanceData(Lookup):
    type_name, label, of, by = "aws_instance", "EC2 Instance", Instance, "instance_id"


class KeyData(Lookup):
    type_name, label, of, by = "aws_kms_key", "KMS Key", Key, "key_id"

    def found_id(self, aws: Aws, config: Values) -> str:
        return str(aws.client("kms").describe_key(KeyId=config["key_id"])["KeyMetadata"]["KeyId"])


class PolicyData(Lookup):
    type_name, label, of = "aws_iam_policy", "IAM Policy", Policy

    def found_id(self, aws: Aws, config: Values) -> str:
        if config["arn"]:
            return str(config["arn"])
        pages = aws.client("iam").get_paginator("list_policies").paginate()
        found = [one["Arn"] for page in pages for one in page["Policies"] if one["PolicyName"] == config["name"]]
        return str(self.only(found))


class LoadBalancerData(Lookup):
    type_name, label, of = "aws_lb", "ELBv2 Load Balancer", LoadBalancer

    def found_id(self, aws: Aws, config: Values) -> str:
        if config["arn"]:
            return str(config["arn"])
        found = aws.client("elbv2").describe_load_balancers(Names=[config["name"]])["LoadBalancers"]
        return str(self.only(found)["LoadBalancerArn"])


class CertificateData(Lookup):
    type_name, label, of, by = "aws_acm_certificate", "ACM Certificate", Certificate, "domain"

    def found_id(self, aws: Aws, config: Values) -> str:
        pages = aws.client("acm").get_paginator("list_certificates").paginate()
        found = [c for page in pages for c in page["CertificateSummaryList"] if c["DomainName"] == config["domain"]]
        latest = config["most_recent"] and max(found, key=lambda one: str(one.get("CreatedAt")), default=None)
        return str(self.only([latest] if latest else found)["CertificateArn"])
