"""API Gateway: REST APIs, their deployments and stages."""

from __future__ import annotations

from typing import Any, ClassVar

from ..protocol.values import Values
from . import tags
from .cloud import Aws
from .documents import normalise_json
from .partitions import dns_suffix
from .patch import Patch
from .policy import same_policy, stored
from .resource import AwsResource
from .shapes import first, given, parts, timestamp


class RestApi(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html ."""

    type_name = "aws_api_gateway_rest_api"
    label = "API Gateway REST API"
    service = "apigateway"
    tagging = tags.API_GATEWAY
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
    suppress: ClassVar = {"policy": same_policy}

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
        if planned["minimum_compression_size"]:
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
            "arn": f"arn:{aws.partition}:apigateway:{aws.region}::/restapis/{id_}",
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
            "tags": api.get("tags", {}),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Patch what differs."""
        patch = Patch(prior, planned)
        patch.replace("/name", "name")
        patch.replace("/description", "description")
        patch.replace("/apiKeySource", "api_key_source")
        patch.replace("/disableExecuteApiEndpoint", "disable_execute_api_endpoint")
        patch.replace("/minimumCompressionSize", "minimum_compression_size")
        patch.replace("/policy", "policy")
        patch.entries("/binaryMediaTypes", "binary_media_types", values=False)
        before, after = first(prior["endpoint_configuration"]), first(planned["endpoint_configuration"])
        endpoint = Patch(before, after)
        endpoint.replace(f"/endpointConfiguration/types/{(before.get('types') or [''])[0]}", "types")
        endpoint.replace("/endpointConfiguration/ipAddressType", "ip_address_type")
        if patch.operations or endpoint.operations:
            self.client(aws).update_rest_api(
                restApiId=planned["id"], patchOperations=patch.operations + endpoint.operations
            )

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the API with all that is in it."""
        self.client(aws).delete_rest_api(restApiId=state["id"])


def execution_arn(aws: Aws, path: str) -> str:
    """The ARN under which `path` (API id, stage, method...) is called."""
    return f"arn:{aws.partition}:execute-api:{aws.region}:{aws.account_id}:{path}"


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


class Stage(AwsResource):
    """https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html ."""

    type_name = "aws_api_gateway_stage"
    label = "API Gateway Stage"
    service = "apigateway"
    tagging = tags.API_GATEWAY
    gone = ("NotFoundException",)
    arguments: ClassVar = {
        "rest_api_id",
        "stage_name",
        "deployment_id",
        "description",
        "documentation_version",
        "variables",
        "xray_tracing_enabled",
        "access_log_settings",
        "client_certificate_id",
    }

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the stage; some arguments only a patch can set."""
        request = given(
            description=planned["description"],
            documentationVersion=planned["documentation_version"],
            variables=planned["variables"],
            tracingEnabled=planned["xray_tracing_enabled"],
            tags=planned["tags_all"],
        )
        self.client(aws).create_stage(
            restApiId=planned["rest_api_id"],
            stageName=planned["stage_name"],
            deploymentId=planned["deployment_id"],
            **request,
        )
        nothing: Values = {"access_log_settings": [], "client_certificate_id": None}
        self._patch(aws, {**planned, **nothing}, planned)
        return {"id": f"ags-{planned['rest_api_id']}-{planned['stage_name']}"}

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the stage."""
        api, name = state["rest_api_id"], state["stage_name"]
        stage = self.client(aws).get_stage(restApiId=api, stageName=name)
        log = stage.get("accessLogSettings")
        return {
            "id": f"ags-{api}-{name}",
            "arn": f"arn:{aws.partition}:apigateway:{aws.region}::/restapis/{api}/stages/{name}",
            "execution_arn": execution_arn(aws, f"{api}/{name}"),
            "invoke_url": f"https://{api}.execute-api.{aws.region}.{dns_suffix(aws.region)}/{name}",
            "deployment_id": stage["deploymentId"],
            "description": stage.get("description"),
            "documentation_version": stage.get("documentationVersion"),
            "client_certificate_id": stage.get("clientCertificateId"),
            "variables": stage.get("variables"),
            "xray_tracing_enabled": stage.get("tracingEnabled"),
            "cache_cluster_enabled": stage.get("cacheClusterEnabled"),
            "cache_cluster_size": stage.get("cacheClusterSize") if stage.get("cacheClusterEnabled") else None,
            "web_acl_arn": stage.get("webAclArn"),
            "access_log_settings": [{"destination_arn": log.get("destinationArn"), "format": log.get("format")}]
            if log
            else [],
            "tags": stage.get("tags", {}),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Patch what differs."""
        self._patch(aws, prior, planned)

    def _patch(self, aws: Aws, prior: Values, planned: Values) -> None:
        patch = Patch(prior, planned)
        patch.replace("/deploymentId", "deployment_id")
        patch.replace("/description", "description")
        patch.replace("/documentationVersion", "documentation_version")
        patch.replace("/clientCertificateId", "client_certificate_id")
        patch.replace("/tracingEnabled", "xray_tracing_enabled")
        patch.entries("/variables", "variables")
        log = Patch(first(prior["access_log_settings"]), first(planned["access_log_settings"]))
        log.replace("/accessLogSettings/destinationArn", "destination_arn")
        log.replace("/accessLogSettings/format", "format")
        if prior["access_log_settings"] and not planned["access_log_settings"]:
            log.operations = [{"op": "remove", "path": "/accessLogSettings"}]
        if operations := patch.operations + log.operations:
            self.client(aws).update_stage(
                restApiId=planned["rest_api_id"], stageName=planned["stage_name"], patchOperations=operations
            )

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the stage."""
        self.client(aws).delete_stage(restApiId=state["rest_api_id"], stageName=state["stage_name"])

    def from_import_id(self, import_id: str) -> Values:
        """`API/STAGE`."""
        return parts(import_id, "REST-API-ID/STAGE-NAME", "rest_api_id", "stage_name")


TYPES = (RestApi, Deployment, Stage)
