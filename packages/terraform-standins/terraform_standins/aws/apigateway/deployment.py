"""API Gateway: deployments."""

from __future__ import annotations

from typing import ClassVar

from ..resource import Calls
from .patch import PatchedResource


class Deployment(PatchedResource):
    """A deployment: a snapshot of a REST API that a stage serves.

    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html
    """

    type_name = "aws_api_gateway_deployment"
    label = "API Gateway Deployment"
    calls = Calls("create_deployment", "get_deployment", "update_deployment", "delete_deployment")
    names: ClassVar = {"id": "deploymentId"}
    import_form = ("REST-API-ID/DEPLOYMENT-ID", "rest_api_id", "id")
    kept = ("triggers",)


TYPES = (Deployment,)
