"""Data sources for the caller's account, region and partition."""

from __future__ import annotations

from ..partitions import description, dns_suffix
from ..resource import Aws, AwsData, Values


class CallerIdentity(AwsData):
    """The account and identity of the credentials."""

    type_name, label, service = "aws_caller_identity", "STS Caller Identity", "sts"

    def read(self, aws: Aws, config: Values) -> Values:
        answer = self.client(aws).get_caller_identity()
        return {
            "id": answer["Account"],
            "account_id": answer["Account"],
            "arn": answer["Arn"],
            "user_id": answer["UserId"],
        }


class Region(AwsData):
    """A region, from botocore's data; calls nothing."""

    type_name = "aws_region"
    label = "Region"
    arguments = {"name", "endpoint"}

    def read(self, aws: Aws, config: Values) -> Values:
        region = config["region"] or config["name"] or aws.region
        if config["endpoint"]:
            region = config["endpoint"].removeprefix("ec2.").partition(".")[0]
            if config["endpoint"] != f"ec2.{region}.{dns_suffix(region)}":
                raise ValueError(f"no matching EC2 Region found for endpoint ({config['endpoint']})")
        return {
            "id": region,
            "name": region,
            "region": region,
            "endpoint": f"ec2.{region}.{dns_suffix(region)}",
            "description": description(region),
        }


class Partition(AwsData):
    """The partition of the provider's region; calls nothing."""

    type_name = "aws_partition"
    label = "Partition"

    def read(self, aws: Aws, config: Values) -> Values:
        suffix = dns_suffix(aws.region)
        return {
            "id": aws.partition,
            "partition": aws.partition,
            "dns_suffix": suffix,
            "reverse_dns_prefix": ".".join(reversed(suffix.split("."))),
        }
