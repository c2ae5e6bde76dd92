"""ECS: clusters, task definitions and services; records, no task is started."""

from __future__ import annotations

import json
from typing import Any

from ..resource import Answer, Aws, AwsResource, Calls, Tagging, Values, Wait

_LOGS = "configuration.execute_command_configuration.log_configuration"


class _Ecs(AwsResource):
    service, derived, lenient, tagging = "ecs", True, True, Tagging()


class Cluster(_Ecs):
    type_name, label, noun, named_by = "aws_ecs_cluster", "ECS Cluster", "cluster", "name"
    calls = Calls.of("cluster", read="describe*")
    answer, found_by = "clusters[]", ("id",)
    names = {
        "id": "clusterArn|cluster",
        f"{_LOGS}.s3_bucket_encryption_enabled": "s3EncryptionEnabled",
    }
    extra = {"describe_clusters": {"include": ["TAGS", "SETTINGS", "CONFIGURATIONS"]}}
    waits = Wait("status", ("PROVISIONING", "DEPROVISIONING"), gone=("INACTIVE",))


class Service(_Ecs):
    type_name, label, noun, named_by = "aws_ecs_service", "ECS Service", "service", "name"
    calls = Calls.of("service", read="describe*")
    answer, found_by = "services[]", ("id", "cluster")
    extra = {"delete_service": {"force": True}, "describe_services": {"include": ["TAGS"]}}
    names = {
        "id": "serviceArn|service",
        "cluster": "clusterArn|cluster",
        "iam_role": "roleArn|role",
        "deployment_maximum_percent": "deploymentConfiguration.maximumPercent",
        "deployment_minimum_healthy_percent": "deploymentConfiguration.minimumHealthyPercent",
        "deployment_circuit_breaker": "deploymentConfiguration.deploymentCircuitBreaker",
        "load_balancer.elb_name": "loadBalancerName",
        "network_configuration": "networkConfiguration.awsvpcConfiguration",
        "ordered_placement_strategy": "placementStrategy",
        "service_connect_configuration.service.client_alias": "clientAliases",
        "service_connect_configuration.service.tls.issuer_cert_authority": "issuerCertificateAuthority",
        "volume_configuration.managed_ebs_volume.size_in_gb": "sizeInGiB",
    }
    suppress = {"cluster": lambda old, new: old == new or old.endswith(f"/{new}")}
    waits = Wait("status", ("DRAINING",), gone=("INACTIVE",))
    kept = ("wait_for_steady_state", "force_delete", "sigint_rollback", "triggers")
    import_form = ("cluster-name/service-name", "cluster", "id")


class TaskDefinition(_Ecs):
    type_name, label, named_by = "aws_ecs_task_definition", "ECS Task Definition", "family"
    calls = Calls.of("task_definition", create="register", read="describe", update="", delete="deregister")
    answer, noun = "taskDefinition", "taskDefinition"
    names = {"volume.configure_at_launch": "configuredAtLaunch", "volume.host_path": "host.sourcePath"}
    computed = {"arn_without_revision": lambda values, _: values["arn"].rpartition(":")[0]}
    waits = Wait("status", (), after_delete=False, gone=("INACTIVE",))
    kept = ("track_latest", "container_definitions")

    def make(self, aws: Aws, planned: Values) -> Any:
        containers = json.loads(planned["container_definitions"])
        return self.call(
            aws, self.calls.create, {**planned, "container_definitions": None}, containerDefinitions=containers
        )

    def call(self, aws: Aws, method: str, values: Values, **more: Any) -> Any:
        named = {} if method == self.calls.create else {"taskDefinition": values.get("arn") or values["family"]}
        return super().call(aws, method, values, **named, **more)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        # A registered definition never changes; AWS adds defaults to it.
        containers = state.get("container_definitions") or json.dumps(found["containerDefinitions"])
        return {**super().parsed(aws, state, found), "container_definitions": containers}

    def from_import_id(self, import_id: str) -> Values:
        return {"id": import_id.rpartition("/")[2].partition(":")[0], "arn": import_id}
