"""Resources that a protected deployment keeps: Terraform does not delete or replace them."""

from __future__ import annotations

from cdktf import App, TerraformResource, TerraformStack

# What holds data or is part of the URL.
PROTECTED = (
    "aws_api_gateway_api_key",
    "aws_api_gateway_rest_api",
    "aws_api_gateway_stage",
    "aws_cloudwatch_log_group",
    "aws_ecr_repository",
)


def protect(app: App) -> None:
    """Let Terraform refuse to delete or replace what the stacks of `app` have of these types.

    It deletes a resource whose block is gone nevertheless: for that, `make build` reads the types in the stack.
    """
    for node in app.node.find_all():
        if isinstance(node, TerraformStack):
            node.add_override("//.protected", list(PROTECTED))
        elif isinstance(node, TerraformResource) and node.terraform_resource_type in PROTECTED:
            node.add_override("lifecycle.prevent_destroy", True)
