"""API Gateway: REST APIs."""

from . import account, api_key, deployment, integration, method, method_settings, responses, rest_api, stage, usage_plan

TYPES = (
    *account.TYPES,
    *api_key.TYPES,
    *deployment.TYPES,
    *integration.TYPES,
    *method.TYPES,
    *method_settings.TYPES,
    *responses.TYPES,
    *rest_api.TYPES,
    *stage.TYPES,
    *usage_plan.TYPES,
)
