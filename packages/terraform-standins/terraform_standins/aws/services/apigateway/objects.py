"""API Gateway: the objects below a REST API, and API keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...resource import JSON, Aws, Calls, Tagging, Values
from .patch import PatchedResource

ARN = "arn:{partition}:apigateway:{region}::/"
"""The start of the ARN under which an object is managed; its path follows."""
_ROUTE = ("REST-API-ID/RESOURCE-ID/HTTP-METHOD", "rest_api_id", "resource_id", "http_method")
_RESPONSE = (f"{_ROUTE[0]}/STATUS-CODE", *_ROUTE[1:], "status_code")
_ROUTE_FORM = "{rest_api_id}-{resource_id}-{http_method}"


class ApiKey(PatchedResource):
    type_name, label = "aws_api_gateway_api_key", "API Gateway API Key"
    calls = Calls.of("api_key")
    names = {"id": "apiKey"}
    extra = {"get_api_key": {"includeValue": True}}
    computed = {"arn": f"{ARN}apikeys/{{id}}"}
    tagging = Tagging()


class ApiResource(PatchedResource):
    type_name, label = "aws_api_gateway_resource", "API Gateway Resource"
    calls = Calls.of("resource")
    names = {"id": "resourceId"}
    import_form = ("REST-API-ID/RESOURCE-ID", "rest_api_id", "id")


class Method(PatchedResource):
    type_name, label = "aws_api_gateway_method", "API Gateway Method"
    calls = Calls.of("method", create="put")
    names = {"authorization": "authorizationType"}
    id_form, import_form = f"agm-{_ROUTE_FORM}", _ROUTE
    read_after_create = False
    nullable = ("operation_name", "request_validator_id")
    members = ("authorization_scopes",)


class MethodResponse(PatchedResource):
    type_name, label = "aws_api_gateway_method_response", "API Gateway Method Response"
    calls = Calls.of("method_response", create="put")
    id_form, import_form = f"agmr-{_ROUTE_FORM}-{{status_code}}", _RESPONSE


class Integration(PatchedResource):
    type_name, label = "aws_api_gateway_integration", "API Gateway Integration"
    calls = Calls.of("integration", create="put")
    names = {"timeout_milliseconds": "timeoutInMillis"}
    id_form, import_form = f"agi-{_ROUTE_FORM}", _ROUTE
    defaults = {"connectionType": "INTERNET", "responseTransferMode": "BUFFERED"}
    # `httpMethod` in the answer is that of the integration, not that of the method.
    unread, computed = ("http_method",), {"integration_http_method": lambda _, found: found.get("httpMethod")}


class IntegrationResponse(PatchedResource):
    type_name, label = "aws_api_gateway_integration_response", "API Gateway Integration Response"
    calls = Calls.of("integration_response", create="put", update="put")
    id_form, import_form = f"agir-{_ROUTE_FORM}-{{status_code}}", _RESPONSE

    # AWS answers null for an empty template.
    computed = {"response_templates": lambda v, _: {k: one or "" for k, one in (v["response_templates"] or {}).items()}}


class GatewayResponse(PatchedResource):
    type_name, label = "aws_api_gateway_gateway_response", "API Gateway Gateway Response"
    calls = Calls.of("gateway_response", create="put", update="put")
    verbs, error_name = {"creating": "putting", "updating": "putting"}, ""
    id_form = "aggr-{rest_api_id}-{response_type}"
    import_form = ("REST-API-ID/RESPONSE-TYPE", "rest_api_id", "response_type")

    def found(self, aws: Aws, state: Values) -> Mapping[str, Any] | None:
        # If it does not exist, AWS answers its default response.
        answer = super().found(aws, state)
        return None if answer and answer.get("defaultResponse") else answer


class Deployment(PatchedResource):
    type_name, label = "aws_api_gateway_deployment", "API Gateway Deployment"
    calls = Calls.of("deployment")
    names = {"id": "deploymentId"}
    import_form = ("REST-API-ID/DEPLOYMENT-ID", "rest_api_id", "id")
    kept = ("triggers",)


class Authorizer(PatchedResource):
    type_name, label = "aws_api_gateway_authorizer", "API Gateway Authorizer"
    calls = Calls.of("authorizer")
    names = {"id": "authorizerId"}
    computed = {"arn": f"{ARN}restapis/{{rest_api_id}}/authorizers/{{id}}"}
    members = ("provider_arns",)
    import_form = ("REST-API-ID/AUTHORIZER-ID", "rest_api_id", "id")


class Model(PatchedResource):
    type_name, label = "aws_api_gateway_model", "API Gateway Model"
    calls = Calls.of("model")
    names = {"id": "id", "name": "name|modelName"}
    documents = {"schema": JSON}

    def from_import_id(self, import_id: str) -> Values:
        api, _, name = import_id.partition("/")
        return {"id": name, "rest_api_id": api, "name": name}


class RequestValidator(PatchedResource):
    type_name, label = "aws_api_gateway_request_validator", "API Gateway Request Validator"
    calls = Calls.of("request_validator")
    names = {"id": "requestValidatorId"}
    import_form = ("REST-API-ID/REQUEST-VALIDATOR-ID", "rest_api_id", "id")


class UsagePlanKey(PatchedResource):
    type_name, label = "aws_api_gateway_usage_plan_key", "API Gateway Usage Plan Key"
    calls = Calls.of("usage_plan_key", update="")
    names = {"id": "keyId"}
    computed = {"key_id": "{id}", "key_type": lambda _, found: found.get("type")}
    import_form = ("USAGE-PLAN-ID/USAGE-PLAN-KEY-ID", "usage_plan_id", "id")
