"""Cloud Map: namespaces and services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..resource import Aws, AwsResource, Calls, Tagging, Values
from ..waiting import wait_for


class _CloudMap(AwsResource):
    service, derived, lenient, tagging = "servicediscovery", True, True, Tagging()
    names: ClassVar[Mapping[str, str]] = {"id": "Id"}


class _Namespace(_CloudMap):
    """AWS creates and deletes it in the background."""

    answer = "Namespace"

    def make(self, aws: Aws, planned: Values) -> Any:
        planned["id"] = self._ended(aws, super().make(aws, planned))["Targets"]["NAMESPACE"]

    def id_of(self, values: Values) -> str:
        return str(values["id"])

    def remove(self, aws: Aws, state: Values) -> None:
        self._ended(aws, self.call(aws, self.calls.delete, state))

    def _ended(self, aws: Aws, answer: Any) -> Any:
        def ended() -> Any:
            operation = self.client(aws).get_operation(OperationId=answer["OperationId"])["Operation"]
            if operation["Status"] == "FAIL":
                raise RuntimeError(operation.get("ErrorMessage"))
            return operation if operation["Status"] == "SUCCESS" else None

        return wait_for(ended, seconds=600, waiting_for=self.label)


class HttpNamespace(_Namespace):
    type_name, label = "aws_service_discovery_http_namespace", "Service Discovery HTTP Namespace"
    calls = Calls("create_http_namespace", "get_namespace", delete="delete_namespace")
    names = {"id": "Id", "http_name": "Properties.HttpProperties.HttpName"}


class PrivateDnsNamespace(_Namespace):
    type_name, label = "aws_service_discovery_private_dns_namespace", "Service Discovery Private DNS Namespace"
    calls = Calls("create_private_dns_namespace", "get_namespace", delete="delete_namespace")
    names = {"id": "Id", "hosted_zone": "Properties.DnsProperties.HostedZoneId"}


class Service(_CloudMap):
    type_name, label = "aws_service_discovery_service", "Service Discovery Service"
    calls = Calls.of("service")
    answer, wrapper, kept = "Service", "Service", ("force_destroy",)
