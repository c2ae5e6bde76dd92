"""Data sources that read what a resource type reads, found by one of its arguments."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from ..resource import Aws, AwsData, AwsResource, Values
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
    """What `of` reads of the only resource with the argument `by`, or with the import id `known_by`."""

    of: ClassVar[type[AwsResource]]
    by: ClassVar[str] = "name"
    known_by: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        cls.type_name, cls.label, cls.service = cls.of.type_name, cls.of.label, cls.of.service

    def ids(self, aws: Aws, config: Values) -> Collection[str]:
        """The import ids of the resources with the argument."""
        return (config[self.by],)

    def read(self, aws: Aws, config: Values) -> Values:
        """Read the resource. Raises LookupError if there is none or several."""
        known = config[self.known_by] if self.known_by else None
        ids = (known,) if known else self.ids(aws, config)
        if len(ids) != 1:
            raise LookupError(f"{'multiple' if ids else 'no'} matching {self.label} found")
        resource = self.of()
        state = dict.fromkeys((*resource.schema.block.attributes, *resource.schema.block.blocks))
        state |= resource.from_import_id(next(iter(ids)))
        found = resource.refresh(aws, state)
        if found is None:
            raise LookupError(f"couldn't find {resource.label} with {self.by} {config[self.by]}")
        return {"id": state["id"], self.by: config[self.by], **found}


_BY: dict[type[AwsResource], str] = {
    **dict.fromkeys((Alias, Cluster, LogGroup, Parameter, Repository, Role, Table), "name"),
    Bucket: "bucket",
    Function: "function_name",
    Instance: "instance_id",
    User: "user_name",
}
BY_ARGUMENT = [
    type(f"{of.__name__}Data", (Lookup,), {"of": of, "by": by, "__module__": __name__}) for of, by in _BY.items()
]


class TopicData(Lookup):
    of = Topic

    def ids(self, aws: Aws, config: Values) -> Collection[str]:
        return (f"arn:{aws.partition}:sns:{aws.region}:{aws.account_id}:{config['name']}",)


class QueueData(Lookup):
    of = Queue

    def ids(self, aws: Aws, config: Values) -> Collection[str]:
        return (self.client(aws).get_queue_url(QueueName=config["name"])["QueueUrl"],)


class SecretData(Lookup):
    of, known_by = Secret, "arn"

    def ids(self, aws: Aws, config: Values) -> Collection[str]:
        return (self.client(aws).describe_secret(SecretId=config["name"])["ARN"],)


class SecretVersionData(AwsData):
    type_name, label = "aws_secretsmanager_secret_version", "Secrets Manager Secret Version"
    service, names = "secretsmanager", {"arn": "ARN"}

    def read(self, aws: Aws, config: Values) -> Values:
        of = {"VersionId": config["version_id"]} if config["version_id"] else {"VersionStage": config["version_stage"]}
        answer = self.client(aws).get_secret_value(SecretId=config["secret_id"], **of)
        id_ = f"{config['secret_id']}|{answer['VersionId']}"
        return {**self.values(aws, "GetSecretValueResponse", answer), "secret_id": config["secret_id"], "id": id_}


class ZoneData(Lookup):
    of, known_by = Zone, "zone_id"

    def ids(self, aws: Aws, config: Values) -> Collection[str]:
        wanted = (f"{config['name'].removesuffix('.')}.", bool(config["private_zone"]))
        pages = self.client(aws).get_paginator("list_hosted_zones").paginate()
        zones = (one for page in pages for one in page["HostedZones"])
        return [z["Id"].rpartition("/")[2] for z in zones if (z["Name"], z["Config"]["PrivateZone"]) == wanted]


class KeyData(Lookup):
    of, by = Key, "key_id"

    def ids(self, aws: Aws, config: Values) -> Collection[str]:
        return (self.client(aws).describe_key(KeyId=config["key_id"])["KeyMetadata"]["KeyId"],)


class PolicyData(Lookup):
    of, known_by = Policy, "arn"

    def ids(self, aws: Aws, config: Values) -> Collection[str]:
        pages = self.client(aws).get_paginator("list_policies").paginate()
        return [one["Arn"] for page in pages for one in page["Policies"] if one["PolicyName"] == config["name"]]


class LoadBalancerData(Lookup):
    of, known_by = LoadBalancer, "arn"

    def ids(self, aws: Aws, config: Values) -> Collection[str]:
        found = self.client(aws).describe_load_balancers(Names=[config["name"]])["LoadBalancers"]
        return [one["LoadBalancerArn"] for one in found]


class CertificateData(Lookup):
    of, by = Certificate, "domain"

    def ids(self, aws: Aws, config: Values) -> Collection[str]:
        pages = self.client(aws).get_paginator("list_certificates").paginate()
        found = [c for page in pages for c in page["CertificateSummaryList"] if c["DomainName"] == config["domain"]]
        found = sorted(found, key=lambda one: str(one.get("CreatedAt")))
        return [one["CertificateArn"] for one in (found[-1:] if config["most_recent"] else found)]
