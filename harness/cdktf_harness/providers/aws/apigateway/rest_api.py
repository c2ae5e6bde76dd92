"""API Gateway: REST APIs and their deployments."""

from __future__ import annotations

from typing import Any, ClassVar

from ...protocol.plan import Change
from ...protocol.values import Values
from .. import tags
from ..cloud import Aws
from ..documents import normalise_json
from ..model import first, given, timestamp
from ..names import parts
from ..policy import same_policy, stored
from ..resource import AwsResource
from .patch import Patch

_NO_COMPRESSION = (None, "", "-1")


class RestApi(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html ."""

    type_name = "aws_api_gateway_rest_api"
    label = "API Gateway REST API"
    service = "apigateway"
    tagging = tags.Tagging()
    gone = ("NotFoundException",)
    arguments: ClassVar = {
        "name",
        "description",
        "api_key_source",
        "binary_media_types",
        "disable_execute_api_endpoint",
        "endpoint_configuration",
        "minimum_compression_size",
        "policy",
    }
    normalise: ClassVar = {"policy": normalise_json}
    suppress: ClassVar = {
        "policy": same_policy,
        "minimum_compression_size": lambda old, new: old in _NO_COMPRESSION and new in _NO_COMPRESSION,
    }

    def customise(self, aws: Aws, change: Change) -> None:
        """How a body is put counts only where there is one, which is not supported."""
        super().customise(aws, change)
        change.planned["put_rest_api_mode"] = change.prior and change.prior["put_rest_api_mode"]

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the API."""
        request = given(
            description=planned["description"],
            apiKeySource=planned["api_key_source"],
            binaryMediaTypes=planned["binary_media_types"],
            disableExecuteApiEndpoint=planned["disable_execute_api_endpoint"],
            endpointConfiguration=_endpoint(planned),
            policy=planned["policy"],
            tags=planned["tags_all"],
        )
        if planned["minimum_compression_size"] not in _NO_COMPRESSION:
            request["minimumCompressionSize"] = int(planned["minimum_compression_size"])
        return {"id": self.client(aws).create_rest_api(name=planned["name"], **request)["id"]}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the API and its root resource."""
        client, id_ = self.client(aws), state["id"]
        api = client.get_rest_api(restApiId=id_)
        endpoint, size = api.get("endpointConfiguration", {}), api.get("minimumCompressionSize")
        policy = api.get("policy")
        return {
            "name": api["name"],
            "description": api.get("description"),
            "arn": _arn(aws, id_),
            "execution_arn": execution_arn(aws, id_),
            "root_resource_id": api.get("rootResourceId") or _root(client, id_),
            "created_date": timestamp(api.get("createdDate")),
            "api_key_source": api.get("apiKeySource"),
            "binary_media_types": api.get("binaryMediaTypes"),
            "disable_execute_api_endpoint": api.get("disableExecuteApiEndpoint"),
            "endpoint_configuration": [
                {
                    "types": endpoint.get("types", []),
                    "vpc_endpoint_ids": endpoint.get("vpcEndpointIds", []),
                    "ip_address_type": endpoint.get("ipAddressType"),
                }
            ],
            "minimum_compression_size": "" if size is None else str(size),
            "policy": stored(state.get("policy"), _unescaped(policy)) if policy else "",
            "tags": api.get("tags"),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Patch what differs."""
        patch = Patch(prior, planned)
        for path, name in _PATHS.items():
            patch.replace(path, name)
        patch.entries("/binaryMediaTypes", "binary_media_types", values=False)
        before, after = first(prior["endpoint_configuration"]), first(planned["endpoint_configuration"])
        endpoint = Patch(before, after)
        if after:
            endpoint.replace(f"/endpointConfiguration/types/{before['types'][0]}", "types")
            endpoint.replace("/endpointConfiguration/ipAddressType", "ip_address_type")
            endpoint.members("/endpointConfiguration/vpcEndpointIds", "vpc_endpoint_ids")
        if operations := patch.operations + endpoint.operations:
            self.client(aws).update_rest_api(restApiId=planned["id"], patchOperations=operations)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the API with all that is in it."""
        self.client(aws).delete_rest_api(restApiId=state["id"])

    def from_import_id(self, import_id: str) -> Values:
        """The API's id."""
        return {"id": import_id, "put_rest_api_mode": "overwrite"}


_PATHS = {
    "/name": "name",
    "/description": "description",
    "/apiKeySource": "api_key_source",
    "/disableExecuteApiEndpoint": "disable_execute_api_endpoint",
    "/minimumCompressionSize": "minimum_compression_size",
    "/policy": "policy",
}


def execution_arn(aws: Aws, path: str) -> str:
    """The ARN under which `path` (API id, stage, method...) is called."""
    return f"arn:{aws.partition}:execute-api:{aws.region}:{aws.account_id}:{path}"


def _arn(aws: Aws, id_: str) -> str:
    return f"arn:{aws.partition}:apigateway:{aws.region}::/restapis/{id_}"


def _root(client: Any, id_: str) -> str:
    pages = client.get_paginator("get_resources").paginate(restApiId=id_)
    return next((str(item["id"]) for page in pages for item in page["items"] if item["path"] == "/"), "")


def _endpoint(planned: Values) -> Values:
    endpoint = first(planned["endpoint_configuration"])
    return given(
        types=endpoint.get("types"),
        vpcEndpointIds=endpoint.get("vpc_endpoint_ids"),
        ipAddressType=endpoint.get("ip_address_type"),
    )


def _unescaped(policy: str) -> str:
    # AWS answers with a policy that is escaped as if it stood inside another JSON string.
    return policy.replace('\\"', '"').replace("\\/", "/")


class Deployment(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html ."""

    type_name = "aws_api_gateway_deployment"
    label = "API Gateway Deployment"
    service = "apigateway"
    gone = ("NotFoundException",)
    arguments: ClassVar = {"rest_api_id", "description", "triggers", "variables"}

    def create(self, aws: Aws, planned: Values) -> Values:
        """Deploy the API as it is now."""
        request = given(description=planned["description"], variables=planned["variables"])
        answer = self.client(aws).create_deployment(restApiId=planned["rest_api_id"], **request)
        return {"id": answer["id"]}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the deployment."""
        answer = self.client(aws).get_deployment(restApiId=state["rest_api_id"], deploymentId=state["id"])
        return {"description": answer.get("description"), "created_date": timestamp(answer["createdDate"])}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Patch the description."""
        patch = Patch(prior, planned)
        patch.replace("/description", "description")
        self.client(aws).update_deployment(
            restApiId=planned["rest_api_id"], deploymentId=planned["id"], patchOperations=patch.operations
        )

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the deployment."""
        self.client(aws).delete_deployment(restApiId=state["rest_api_id"], deploymentId=state["id"])

    def from_import_id(self, import_id: str) -> Values:
        """`API/DEPLOYMENT`."""
        return parts(import_id, "REST-API-ID/DEPLOYMENT-ID", "rest_api_id", "id")


TYPES = (RestApi, Deployment)
