"""API Gateway: REST APIs."""

from __future__ import annotations

from typing import Any, ClassVar

from ...protocol.plan import Change
from ...protocol.values import Values
from ..cloud import Aws
from ..model import first
from ..policy import POLICY
from ..resource import Calls
from ..tags import Tagging
from .arns import arn, execution_arn
from .patch import Operation, Patch, PatchedResource

_NO_COMPRESSION = (None, "", "-1")


class RestApi(PatchedResource):
    """A REST API with its resources and methods.

    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html
    """

    type_name = "aws_api_gateway_rest_api"
    label = "API Gateway REST API"
    calls = Calls(create="create_rest_api", read="get_rest_api", update="update_rest_api", delete="delete_rest_api")
    names: ClassVar = {"id": "restApiId"}
    tagging = Tagging()
    documents: ClassVar = {"policy": POLICY}
    suppress: ClassVar = {
        "minimum_compression_size": lambda old, new: old in _NO_COMPRESSION and new in _NO_COMPRESSION,
    }
    refused = ("body", "fail_on_warnings", "parameters", "put_rest_api_mode")
    patched = ("endpoint_configuration",)

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        # `put_rest_api_mode` matters only with a body.
        change.planned["put_rest_api_mode"] = change.prior and change.prior["put_rest_api_mode"]

    def create(self, aws: Aws, planned: Values) -> Values:
        uncompressed = planned["minimum_compression_size"] in _NO_COMPRESSION
        return super().create(aws, {**planned, "minimum_compression_size": None} if uncompressed else planned)

    def read(self, aws: Aws, state: Values) -> Values:
        id_ = state["id"]
        api = {"endpointConfiguration": {}, **self.call(aws, "get_rest_api", state)}
        size = api.get("minimumCompressionSize")
        # AWS answers with a policy that is escaped as if it were inside another JSON string.
        policy = api.get("policy", "").replace('\\"', '"').replace("\\/", "/")
        return {
            **self.values(aws, "RestApi", api),
            "arn": arn(aws, f"restapis/{id_}"),
            "execution_arn": execution_arn(aws, id_),
            "minimum_compression_size": "" if size is None else str(size),
            "policy": policy,
            "root_resource_id": api.get("rootResourceId") or _root(self.client(aws), id_),
        }

    def operations(self, aws: Aws, prior: Values, planned: Values) -> list[Operation]:
        before, after = first(prior["endpoint_configuration"]), first(planned["endpoint_configuration"])
        patch = Patch(before, after, "/endpointConfiguration")
        if after:
            patch.replace(f"types/{before['types'][0]}", "types")
            patch.replace("ipAddressType", "ip_address_type")
            patch.members("vpcEndpointIds", "vpc_endpoint_ids")
        return super().operations(aws, prior, planned) + patch.operations

    def from_import_id(self, import_id: str) -> Values:
        return {"id": import_id, "put_rest_api_mode": "overwrite"}


def _root(client: Any, id_: str) -> str:
    pages = client.get_paginator("get_resources").paginate(restApiId=id_)
    return next((str(item["id"]) for page in pages for item in page["items"] if item["path"] == "/"), "")


TYPES = (RestApi,)
