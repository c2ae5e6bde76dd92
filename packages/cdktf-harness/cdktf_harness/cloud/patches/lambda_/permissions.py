"""Lambda: a service may call a function only if the function's resource policy allows it."""

from __future__ import annotations

from ministack.core import iam_evaluator  # type: ignore[import-untyped]
from ministack.services import lambda_svc as service  # type: ignore[import-untyped]


def allowed(called: str, principal: str, source: str, account: str, region: str) -> bool:
    """Return whether the policy of a function or alias lets `principal` call it for the ARN `source`.

    Also if the function does not exist, which is another error.
    """
    function, config, _ = service._get_base_func_record_for_ref(called)
    if function is None or config is None:
        return True
    arn = config["FunctionArn"]
    _, qualifier = service._resolve_name_and_qualifier(called)
    if qualifier and qualifier != "$LATEST":
        arn = f"{arn}:{qualifier}"
    context = iam_evaluator.EvalContext(
        principal_arn=principal,
        principal_type="Service",
        principal_account="",
        action="lambda:InvokeFunction",
        resource_arn=arn,
        region=region,
        service_context={"aws:sourcearn": source, "aws:sourceaccount": account},
    )
    return bool(iam_evaluator.evaluate_resource_policy(function["policy"], context, principal).decision == "Allow")
