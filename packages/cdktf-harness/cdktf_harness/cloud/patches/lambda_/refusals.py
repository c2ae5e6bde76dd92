"""Lambda: an alias points to versions that exist, and no variable has a name that is reserved.

ministack stores any version, weight and name (services/lambda_svc.py 2326, 2923, 6009, 6067).
https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html , API_AliasRoutingConfiguration.html ,
https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html ; the messages are those that users of AWS
report, except the message for a weight, which was not found. A name such as `A-B` is accepted although AWS refuses it,
because recordings of the real provider, made with ministack, have one.
"""

from __future__ import annotations

from typing import Any

from ministack.services import lambda_svc as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import refuses

_RESERVED = {
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
}


@refuses(service, "_create_alias", "_update_alias")
def _pointless(name: str, *more: Any) -> Any:
    """Return the error for an alias; None without one, or if the function does not exist, which is another error."""
    data = more[-1]
    weights = (data.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    if not all(0 <= weight <= 1 for weight in weights.values()):
        text = (
            "1 validation error detected: Value at 'routingConfig.additionalVersionWeights' failed to satisfy "
            "constraint: Map value must satisfy constraint: "
            "[Member must have value less than or equal to 1, Member must have value greater than or equal to 0]"
        )
        return service.error_response_json("ValidationException", text, 400)
    if name not in service._functions:
        return None
    for version in (data.get("FunctionVersion", "$LATEST"), *weights):
        if version != "$LATEST" and version not in service._functions[name]["versions"]:
            text = f"Function not found: {service._func_arn(name)}:{version}"
            return service.error_response_json("ResourceNotFoundException", text, 404)
    if (main := data.get("FunctionVersion")) in weights:
        text = f"Invalid function version {main}. Function version {main} is already included in routing configuration."
        return service.error_response_json("InvalidParameterValueException", text, 400)
    return None


@refuses(service, "_create_function", "_update_config")
def _reserved(*given: Any) -> Any:
    """Return the error for the variables of a function, or None."""
    names = ((given[-1].get("Environment") or {}).get("Variables") or {}).keys()
    if reserved := sorted(names & _RESERVED):
        text = (
            "Lambda was unable to configure your environment variables because the environment variables you have "
            "provided contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )
        return service.error_response_json("InvalidParameterValueException", text, 400)
    return None
