"""API Gateway: HTTP and WebSocket APIs."""

from __future__ import annotations

from ..resource import Answer, Aws, AwsResource, Calls, Tagging, Values

ARN = "arn:{partition}:apigateway:{region}::/apis/"


class _V2(AwsResource):
    service, derived, lenient = "apigatewayv2", True, True


class Api(_V2):
    type_name, label = "aws_apigatewayv2_api", "API Gateway v2 API"
    calls = Calls.of("api")
    names = {"id": "ApiId"}
    computed = {"arn": ARN + "{id}", "execution_arn": "arn:{partition}:execute-api:{region}:{account_id}:{id}"}
    tagging = Tagging("arn", "get_tags")


class _OfApi(_V2):
    import_form = ("api-id/ID", "api_id", "id")


class Integration(_OfApi):
    type_name, label = "aws_apigatewayv2_integration", "API Gateway v2 Integration"
    calls = Calls.of("integration")
    names = {"id": "IntegrationId", "timeout_milliseconds": "TimeoutInMillis"}


class Route(_OfApi):
    type_name, label = "aws_apigatewayv2_route", "API Gateway v2 Route"
    calls = Calls.of("route")
    names = {"id": "RouteId"}


class Authorizer(_OfApi):
    type_name, label = "aws_apigatewayv2_authorizer", "API Gateway v2 Authorizer"
    calls = Calls.of("authorizer")
    names = {"id": "AuthorizerId", "identity_sources": "IdentitySource"}


class Deployment(_OfApi):
    type_name, label = "aws_apigatewayv2_deployment", "API Gateway v2 Deployment"
    # The embedded cloud has no UpdateDeployment.
    calls = Calls.of("deployment", update="")
    names = {"id": "DeploymentId"}
    kept = ("triggers",)


class Stage(_V2):
    type_name, label, named_by = "aws_apigatewayv2_stage", "API Gateway v2 Stage", "name"
    calls = Calls.of("stage")
    names = {"name": "StageName"}
    computed = {
        "arn": ARN + "{api_id}/stages/{name}",
        "execution_arn": "arn:{partition}:execute-api:{region}:{account_id}:{api_id}/{name}",
    }
    tagging = Tagging("arn", "get_tags")
    import_form = ("api-id/stage-name", "api_id", "name")

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        endpoint, name = self.client(aws).get_api(ApiId=state["api_id"])["ApiEndpoint"], found["StageName"]
        url = f"{endpoint}/{'' if name == '$default' else name}"
        return {**super().parsed(aws, state, found), "invoke_url": url}


class DomainName(_V2):
    type_name, label, named_by = "aws_apigatewayv2_domain_name", "API Gateway v2 Domain Name", "domain_name"
    calls = Calls.of("domain_name")
    names = {"domain_name_configuration.target_domain_name": "ApiGatewayDomainName"}
    computed = {"arn": "arn:{partition}:apigateway:{region}::/domainnames/{domain_name}"}
    tagging = Tagging("arn", "get_tags")


class ApiMapping(_V2):
    type_name, label = "aws_apigatewayv2_api_mapping", "API Gateway v2 API Mapping"
    calls = Calls.of("api_mapping")
    names = {"id": "ApiMappingId"}
    import_form = ("api-mapping-id/domain-name", "id", "domain_name")
