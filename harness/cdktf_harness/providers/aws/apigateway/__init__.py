"""API Gateway: REST APIs."""

from . import integration, method, responses, rest_api, settings, stage, usage_plan

TYPES = (
    *integration.TYPES,
    *method.TYPES,
    *responses.TYPES,
    *rest_api.TYPES,
    *settings.TYPES,
    *stage.TYPES,
    *usage_plan.TYPES,
)
